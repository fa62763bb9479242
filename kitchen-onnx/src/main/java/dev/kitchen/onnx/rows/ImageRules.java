package dev.kitchen.onnx.rows;

import dev.kitchen.onnx.graph.Attribute;
import dev.kitchen.onnx.graph.TensorInfo;
import dev.kitchen.onnx.graph.TensorValues;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rules of operators for images and other signals: the first axis holds the rows, the second one channels. */
final class ImageRules {

    private ImageRules() {}

    static void addTo(Map<String, Rule> rules) {
        rules.put("Conv", step -> convolution(step, 0, 1));
        rules.put("FusedConv", step -> convolution(step, 0, 1));
        rules.put("com.microsoft.FusedConv", step -> convolution(step, 0, 1));
        rules.put("ConvInteger", step -> convolution(step, 0, 1));
        rules.put("QLinearConv", step -> convolution(step, 0, 3));
        rules.put("ConvTranspose", ImageRules::transposed);
        rules.put("MaxPool", ImageRules::pool);
        rules.put("AveragePool", ImageRules::pool);
        rules.put("LpPool", ImageRules::pool);
        rules.put("GlobalAveragePool", ImageRules::global);
        rules.put("GlobalMaxPool", ImageRules::global);
        rules.put("GlobalLpPool", ImageRules::global);
        rules.put("LRN", ImageRules::sameShape);
        rules.put("InstanceNormalization", ImageRules::sameShape);
        rules.put("GroupNormalization", ImageRules::sameShape);
        rules.put("BatchNormalization", ImageRules::batchNormalization);
        rules.put("Resize", step -> resize(step, 2, 3));
        rules.put("Upsample", step -> resize(step, 1, 9));
    }

    /** Returns the shape of an image whose rows lie on the first axis, of rank 3 or more. */
    private static List<Size> image(Step step) {
        RowValue value = step.input(0);
        if (value.kind() == RowValue.Kind.COUNT) {
            throw RowsException.unknown("computes with the number of rows");
        }
        if (value.rank() < 3) {
            throw RowsException.unknown("has an input of rank " + value.rank());
        }
        if (value.hasRows() && value.axis() == 1) {
            throw RowsException.mixed("takes the rows for channels");
        }
        if (value.hasRows() && value.axis() != 0) {
            throw RowsException.mixed("moves a window along the rows");
        }
        return value.knownShape();
    }

    private static List<RowValue> sameShape(Step step) {
        step.requireFreeFrom(1);
        return List.of(RowValue.shaped(image(step)));
    }

    private static List<RowValue> convolution(Step step, int first, int weights) {
        step.requireFreeFrom(first + 1);
        List<Size> shape = image(step);
        Optional<List<Size>> kernel = step.input(weights).shape();
        List<Size> result = new ArrayList<>(windows(
                step, shape, kernel.map(sizes -> sizes.subList(2, sizes.size())).orElse(List.of())));
        result.set(1, kernel.map(sizes -> sizes.get(0)).orElse(Size.unknown()));
        return List.of(RowValue.shaped(result));
    }

    private static List<RowValue> transposed(Step step) {
        step.requireFreeFrom(1);
        List<Size> shape = image(step);
        return List.of(RowValue.shaped(unknownAfter(shape.get(0), shape.size())));
    }

    private static List<Size> unknownAfter(Size first, int rank) {
        List<Size> shape = new ArrayList<>(List.of(first));
        for (int i = 1; i < rank; i++) {
            shape.add(Size.unknown());
        }
        return shape;
    }

    private static List<RowValue> pool(Step step) {
        List<Size> shape = image(step);
        List<Size> kernel = step.integers("kernel_shape").orElse(List.of()).stream()
                .map(Size::of)
                .toList();
        RowValue result = RowValue.shaped(windows(step, shape, kernel));
        // A second output holds places in the whole tensor, so that they depend on the row's own place.
        return List.of(result, RowValue.mixed(step.node().operator() + " counts places over all rows"));
    }

    private static List<Size> windows(Step step, List<Size> shape, List<Size> kernel) {
        int spatial = shape.size() - 2;
        List<Size> result = unknownAfter(shape.get(0), shape.size());
        result.set(1, shape.get(1));
        String padding =
                step.node().attribute("auto_pad").flatMap(Attribute::text).orElse("NOTSET");
        boolean plain = padding.equals("NOTSET") || padding.equals("VALID");
        if (!plain || step.integer("ceil_mode", 0) != 0 || kernel.size() != spatial) {
            return result;
        }
        List<Long> strides = step.integers("strides").orElse(Collections.nCopies(spatial, 1L));
        List<Long> dilations = step.integers("dilations").orElse(Collections.nCopies(spatial, 1L));
        List<Long> pads = step.integers("pads").orElse(Collections.nCopies(2 * spatial, 0L));
        for (int i = 0; i < spatial; i++) {
            Size size = shape.get(i + 2);
            if (size.isKnown() && kernel.get(i).isKnown()) {
                long covered = size.factor()
                        + pads.get(i)
                        + pads.get(i + spatial)
                        - dilations.get(i) * (kernel.get(i).factor() - 1)
                        - 1;
                result.set(i + 2, Size.of(covered / strides.get(i) + 1));
            }
        }
        return result;
    }

    private static List<RowValue> global(Step step) {
        List<Size> shape = image(step);
        List<Size> result = new ArrayList<>(Collections.nCopies(shape.size(), Size.ONE));
        result.set(0, shape.get(0));
        result.set(1, shape.get(1));
        return List.of(RowValue.shaped(result));
    }

    /** With training it normalises by the mean of all rows. */
    private static List<RowValue> batchNormalization(Step step) {
        step.requireFreeFrom(1);
        RowValue value = step.input(0);
        if (step.integer("training_mode", 0) != 0 || step.opset() < 7 && step.integer("is_test", 0) == 0) {
            throw RowsException.mixed("normalises by the mean of all rows");
        }
        if (value.kind() == RowValue.Kind.COUNT || value.hasRows() && value.axis() != 0 || value.rank() < 2) {
            throw RowsException.unknown("has no rows on its first axis");
        }
        return List.of(RowValue.shaped(value.knownShape()));
    }

    private static List<RowValue> resize(Step step, int scalesInput, int sizesInput) {
        step.requireFree(1);
        List<Size> shape = image(step);
        boolean cropped = step.node()
                .attribute("coordinate_transformation_mode")
                .flatMap(Attribute::text)
                .orElse("")
                .equals("tf_crop_and_resize");
        if (cropped || step.node().attribute("axes").isPresent()) {
            throw RowsException.unknown("has a region of interest, or axes");
        }
        boolean keeps = step.has(sizesInput)
                ? step.input(sizesInput)
                        .elements()
                        .map(sizes -> keepsRows(sizes, shape.get(0)))
                        .orElse(false)
                : firstScale(step, scalesInput) == 1;
        if (!keeps) {
            throw RowsException.unknown("may resize the axis of the rows");
        }
        return List.of(RowValue.shaped(unknownAfter(shape.get(0), shape.size())));
    }

    private static boolean keepsRows(List<Size> sizes, Size rows) {
        if (!sizes.subList(1, sizes.size()).stream().allMatch(Size::isFixed)) {
            throw RowsException.mixed("resizes to a size that depends on the number of rows");
        }
        return sizes.get(0).equals(rows);
    }

    private static double firstScale(Step step, int input) {
        Optional<TensorValues> values = step.constant(input).flatMap(TensorInfo::values);
        if (values.isPresent() && values.get().count() > 0) {
            return values.get().doubleAt(0);
        }
        Optional<List<Float>> attribute = step.node().attribute("scales").flatMap(Attribute::floats);
        return attribute.isPresent() && !attribute.get().isEmpty()
                ? attribute.get().get(0)
                : 0;
    }
}
