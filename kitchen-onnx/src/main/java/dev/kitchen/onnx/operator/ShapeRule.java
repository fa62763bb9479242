package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.Attribute;
import dev.kitchen.onnx.graph.Node;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Shapes that an operator may be given, by input; one of several such rules of an operator has to hold.
 *
 * @param operator its name, with its domain and a dot before it where that is not ONNX's own
 * @param attribute the attribute on which it depends whether the rule applies; empty if it always does
 * @param value the value of that integer attribute; {@code *} if it need only be there
 * @param patterns texts of {@link ShapePattern}s by input; further inputs may have any shape
 * @param shapesOnly whether the operator is one of language models, whose first request brings caches without elements:
 *     of those inputs of the model of which the node only gets sizes, nothing is demanded
 * @param repeats whether the last pattern is that of all further inputs too
 */
record ShapeRule(
        String operator, String attribute, String value, List<String> patterns, boolean shapesOnly, boolean repeats) {

    /** Reads a line: the operator, then the patterns of its inputs, split by spaces. */
    static ShapeRule parse(String line) {
        String[] words = line.trim().split(" +");
        int open = words[0].indexOf('[');
        boolean shapesOnly = words[0].startsWith("~");
        String operator = words[0].substring(shapesOnly ? 1 : 0, open < 0 ? words[0].length() : open);
        String[] condition = open < 0
                ? new String[] {"", ""}
                : words[0].substring(open + 1, words[0].length() - 1).split("=");
        boolean repeats = words[words.length - 1].equals("&");
        List<String> patterns = Arrays.stream(words, 1, words.length - (repeats ? 1 : 0))
                .map(word -> word.equals("[]") ? "" : word)
                .toList();
        return new ShapeRule(operator, condition[0], condition[1], patterns, shapesOnly, repeats);
    }

    boolean appliesTo(Node node) {
        if (attribute.isEmpty()) {
            return true;
        }
        return value.equals("*")
                ? node.attribute(attribute).isPresent()
                : node.integer(attribute, 0) == Long.parseLong(value);
    }

    /** Returns the pattern of an input of the node. */
    ShapePattern pattern(Node node, int input) {
        if (operator.equals("Einsum")) {
            return ShapePattern.parse(einsumPattern(node, input));
        }
        int index = input < patterns.size() || !repeats ? input : patterns.size() - 1;
        return ShapePattern.parse(index < patterns.size() ? patterns.get(index) : "?", node);
    }

    /** A letter of the equation is a dimension. */
    private static String einsumPattern(Node node, int input) {
        String equation = node.attribute("equation").flatMap(Attribute::text).orElse("");
        String[] terms = equation.replaceAll("->.*|\\s", "").split(",", -1);
        if (input >= terms.length || terms[input].contains(".")) {
            return "?";
        }
        return String.join(",", Collections.nCopies(terms[input].length(), "*"));
    }
}
