package dev.kitchen.tflite;

import java.util.List;

/**
 * How a tensor's integers stand for real numbers; no scales where they do not.
 *
 * @param scales one, or one for each index of the axis
 * @param zeroPoints as many as scales
 */
record QuantizationInfo(List<Float> scales, List<Long> zeroPoints, int axis) {

    static final QuantizationInfo NONE = new QuantizationInfo(List.of(), List.of(), 0);

    QuantizationInfo {
        scales = List.copyOf(scales);
        zeroPoints = List.copyOf(zeroPoints);
    }

    boolean isPerTensor() {
        return scales.size() == 1;
    }
}
