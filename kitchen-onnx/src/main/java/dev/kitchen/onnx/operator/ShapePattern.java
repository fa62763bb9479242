package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.Attribute;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The shape that one input of an operator has to have. Written as in {@code n,4h,...}; {@code ?} is any shape, and
 * {@code !} before it says that the input has to be a constant of the model. One dimension is
 *
 * <ul>
 *   <li>a number: exactly that many;
 *   <li>{@code +}: at least 1; {@code *}: any;
 *   <li>a name: the same as elsewhere under this name in the operator's inputs, with a factor before it a multiple of
 *       it; at least 1 if the name is a small letter, possibly 0 if it is a capital one;
 *   <li>{@code #0}: as many as the operator's first input has dimensions.
 * </ul>
 *
 * At the end, {@code ...} is any number of further dimensions of at least 1, {@code ..1} any number of exactly 1, and
 * {@code ..A} any number of any dimensions, but as many as elsewhere under this name; {@code ..A+} the same with at
 * least 1 each. {@code @name} is as many dimensions as the node's integer attribute of this name says or its list of
 * integers has, or {@code ..Z} where the node has no such attribute. {@code %name} is one dimension as large as that integer
 * attribute says, with a factor before it a multiple; {@code +} where there is no such attribute.
 */
record ShapePattern(String text, boolean constant, List<Dimension> dimensions, Tail tail, char tailName) {

    /** What may follow the dimensions of a pattern. */
    enum Tail {
        /** No further dimension. */
        NONE,
        /** Any dimensions, each at least 1. */
        NOT_EMPTY,
        /** Any dimensions, each exactly 1. */
        ONES,
        /** Any dimensions. */
        ANY
    }

    /**
     * One dimension.
     *
     * @param least the smallest size
     * @param exact the only size, or -1
     * @param name the name that ties sizes together, or {@code ' '}
     * @param factor how often the named size is contained in this one
     * @param rankOfFirst whether the size is the rank of the first input
     */
    record Dimension(long least, long exact, char name, long factor, boolean rankOfFirst) {}

    static final char NO_NAME = ' ';

    /** One dimension of a pattern whose size is an attribute of the node. */
    private static final Pattern SIZE = Pattern.compile("(\\d*)%(\\w+)");

    /** The largest size that an attribute can name. */
    private static final long MAX_SIZE = 1L << 40;

    /** A dimension that no tensor has, for a node whose attribute asks for fewer than none. */
    private static final String NOTHING = Long.toString(Long.MAX_VALUE);

    /** Reads a pattern without attributes. */
    static ShapePattern parse(String text) {
        boolean constant = text.startsWith("!");
        String shape = constant ? text.substring(1) : text;
        List<Dimension> dimensions = new ArrayList<>();
        Tail tail = Tail.NONE;
        char tailName = NO_NAME;
        for (String part : shape.isEmpty() ? new String[0] : shape.split(",")) {
            if (part.equals("?")) {
                tail = Tail.ANY;
            } else if (part.startsWith("..")) {
                tail = tail(part);
                tailName = Character.isLetter(part.charAt(2)) ? part.charAt(2) : NO_NAME;
            } else {
                dimensions.add(dimension(part));
            }
        }
        return new ShapePattern(text, constant, List.copyOf(dimensions), tail, tailName);
    }

    private static Tail tail(String part) {
        if (part.equals("..1")) {
            return Tail.ONES;
        }
        return part.equals("...") || part.endsWith("+") ? Tail.NOT_EMPTY : Tail.ANY;
    }

    /** Reads a pattern, of which parts may come from attributes of the node. */
    static ShapePattern parse(String text, Node node) {
        return parseRanks(SIZE.matcher(text).replaceAll(match -> size(match, node)), node);
    }

    private static String size(MatchResult match, Node node) {
        long factor = match.group(1).isEmpty() ? 1 : Long.parseLong(match.group(1));
        return node.attribute(match.group(2))
                .flatMap(Attribute::integer)
                .map(size -> size < 1 || size > MAX_SIZE ? NOTHING : Long.toString(factor * size))
                .orElse("+");
    }

    private static ShapePattern parseRanks(String text, Node node) {
        int at = text.indexOf('@');
        if (at < 0) {
            return parse(text);
        }
        int comma = text.indexOf(',', at);
        String name = text.substring(at + 1, comma < 0 ? text.length() : comma);
        String dimensions = node.attribute(name)
                .map(attribute ->
                        count(attribute) < 0 ? NOTHING : String.join(",", Collections.nCopies(count(attribute), "*")))
                .orElse("..Z");
        List<String> parts = new ArrayList<>(List.of(text.substring(0, at).split(",")));
        parts.add(dimensions);
        parts.add(comma < 0 ? "" : text.substring(comma + 1));
        parts.removeIf(String::isEmpty);
        return parse(String.join(",", parts));
    }

    private static int count(Attribute attribute) {
        long count = attribute.kind() == Attribute.Kind.INTS
                ? attribute.count()
                : attribute.integer().orElse(0L);
        return (int) Math.max(-1, Math.min(Shape.MAX_RANK, count));
    }

    private static Dimension dimension(String part) {
        char last = part.charAt(part.length() - 1);
        if (part.equals("#0")) {
            return new Dimension(0, -1, NO_NAME, 1, true);
        }
        if (last == '+' || last == '*') {
            return new Dimension(last == '+' ? 1 : 0, -1, NO_NAME, 1, false);
        }
        if (Character.isDigit(last)) {
            return new Dimension(0, Long.parseLong(part), NO_NAME, 1, false);
        }
        String factor = part.substring(0, part.length() - 1);
        return new Dimension(
                Character.isLowerCase(last) ? 1 : 0, -1, last, factor.isEmpty() ? 1 : Long.parseLong(factor), false);
    }

    /** Returns whether an input without elements does not fit. */
    boolean refusesEmpty() {
        return tail == Tail.NOT_EMPTY
                || dimensions.stream().anyMatch(dimension -> dimension.least() > 0 || dimension.exact() > 0);
    }

    /** Returns whether a scalar does not fit. */
    boolean refusesScalar() {
        return !dimensions.isEmpty();
    }

    /** Returns whether any shape fits. */
    boolean isAny() {
        return dimensions.isEmpty() && tail == Tail.ANY && tailName == NO_NAME;
    }
}
