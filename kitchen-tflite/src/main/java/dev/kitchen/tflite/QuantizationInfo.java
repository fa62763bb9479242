package dev.kitchen.tflite;

import java.util.List;

/**
 * How a tensor's integers stand for real numbers; no scales where they do not.
 *
 * @param scales one, or one for each index of the axis
 * @param zeroPoints as many as scales
 * @param blockwise whether there are scales of another kind, one for each block of numbers
 */
record QuantizationInfo(List<Float> scales, List<Long> zeroPoints, int axis, boolean blockwise) {

    static final QuantizationInfo NONE = new QuantizationInfo(List.of(), List.of(), 0, false);

    QuantizationInfo {
        scales = List.copyOf(scales);
        zeroPoints = List.copyOf(zeroPoints);
    }

    boolean isPerTensor() {
        return scales.size() == 1;
    }
}
