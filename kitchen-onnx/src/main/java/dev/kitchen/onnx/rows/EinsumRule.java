package dev.kitchen.onnx.rows;

import dev.kitchen.onnx.graph.Attribute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rule of {@code Einsum}: a letter of its equation is a dimension, and letters that the result lacks are summed over. */
final class EinsumRule {

    private final String[] terms;
    private final String result;

    private EinsumRule(String equation) {
        int arrow = equation.indexOf("->");
        if (arrow < 0 || equation.contains(".")) {
            throw RowsException.unknown("has an equation without a result, or with an ellipsis");
        }
        this.terms = equation.substring(0, arrow).split(",", -1);
        this.result = equation.substring(arrow + 2);
    }

    static List<RowValue> apply(Step step) {
        String equation = step.node()
                .attribute("equation")
                .flatMap(Attribute::text)
                .orElse("")
                .replaceAll("\\s", "");
        return List.of(new EinsumRule(equation).of(step.present()));
    }

    private RowValue of(List<RowValue> inputs) {
        LayoutRules.requireNoCount(inputs);
        Map<Character, Size> sizes = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            List<Size> shape = inputs.get(i).knownShape();
            if (i >= terms.length || terms[i].length() != shape.size()) {
                throw RowsException.unknown("has an equation for other inputs");
            }
            for (int d = 0; d < shape.size(); d++) {
                Size size = shape.get(d);
                Size other = sizes.putIfAbsent(terms[i].charAt(d), size);
                if (size.hasRows() && terms[i].indexOf(terms[i].charAt(d)) != terms[i].lastIndexOf(terms[i].charAt(d))
                        || other != null && other.hasRows() != size.hasRows()) {
                    throw RowsException.unknown("combines the rows with another dimension");
                }
                if (size.hasRows() && result.indexOf(terms[i].charAt(d)) < 0) {
                    throw RowsException.mixed("adds up over the rows");
                }
            }
        }
        List<Size> shape = new ArrayList<>();
        for (int d = 0; d < result.length(); d++) {
            Size size = sizes.get(result.charAt(d));
            if (size == null) {
                throw RowsException.unknown("has a result with other dimensions");
            }
            shape.add(size);
        }
        return RowValue.shaped(shape);
    }
}
