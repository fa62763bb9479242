package dev.kitchen.json;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A JSON value, whole and in memory: for small documents that are changed and written again. Immutable. The order of
 * members and the digits of numbers stay as they were read.
 */
public final class JsonTree {

    /** What a value can be, in the words of messages. */
    enum Kind {
        OBJECT("an object"),
        ARRAY("an array"),
        TEXT("a text"),
        NUMBER("a number"),
        TRUTH("true or false"),
        NULL("null");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    private static final JsonTree EMPTY_OBJECT = new JsonTree(Kind.OBJECT, Map.of());

    private final Kind kind;

    /** A map, a list, the text, the number's digits, or the literal. */
    private final Object value;

    private JsonTree(Kind kind, Object value) {
        this.kind = kind;
        this.value = value;
    }

    /**
     * Reads a document in UTF-8. Refused are byte order marks, names that occur twice, NaN and infinities, what follows
     * the end, and nesting deeper than 100.
     *
     * @param place what this is, for messages
     * @param maxBytes the largest document to read
     * @throws InvalidRequestException naming what is wrong, with line, column and byte
     */
    public static JsonTree parse(String place, byte[] document, int maxBytes) {
        return TreeReader.read(place, document, maxBytes);
    }

    /** The object without members. */
    public static JsonTree object() {
        return EMPTY_OBJECT;
    }

    /** An object; its members keep the order of the map. */
    public static JsonTree object(Map<String, JsonTree> members) {
        return new JsonTree(Kind.OBJECT, Collections.unmodifiableMap(new LinkedHashMap<>(members)));
    }

    public static JsonTree array(List<JsonTree> elements) {
        return new JsonTree(Kind.ARRAY, List.copyOf(elements));
    }

    public static JsonTree text(String text) {
        return new JsonTree(Kind.TEXT, text);
    }

    public static JsonTree number(long number) {
        return digits(Long.toString(number));
    }

    /**
     * A number.
     *
     * @throws ConfigurationException if it is not finite
     */
    public static JsonTree number(double number) {
        if (!Double.isFinite(number)) {
            throw new ConfigurationException("JSON: number is " + number + ", expected a finite one");
        }
        return digits(Double.toString(number));
    }

    static JsonTree digits(String digits) {
        return new JsonTree(Kind.NUMBER, digits);
    }

    public static JsonTree truth(boolean truth) {
        return new JsonTree(Kind.TRUTH, truth);
    }

    static JsonTree nothing() {
        return new JsonTree(Kind.NULL, "null");
    }

    Kind kind() {
        return kind;
    }

    Object value() {
        return value;
    }

    public boolean isNull() {
        return kind == Kind.NULL;
    }

    /** The member of that name; empty where there is none, where it is null, and of what is not an object. */
    public Optional<JsonTree> member(String name) {
        return kind == Kind.OBJECT ? Optional.ofNullable(map().get(name)).filter(it -> !it.isNull()) : Optional.empty();
    }

    /**
     * The members of an object, in their order.
     *
     * @param place what this is, for messages
     * @throws InvalidRequestException if it is not an object
     */
    public Map<String, JsonTree> members(String place) {
        require(place, kind == Kind.OBJECT, "an object");
        return map();
    }

    /** The elements of an array; otherwise as {@link #members}. */
    @SuppressWarnings("unchecked")
    public List<JsonTree> elements(String place) {
        require(place, kind == Kind.ARRAY, "an array");
        return (List<JsonTree>) value;
    }

    /** The text; otherwise as {@link #members}. */
    public String string(String place) {
        require(place, kind == Kind.TEXT, "a text");
        return (String) value;
    }

    /** The text, or the digits of a number: for names that look like numbers; otherwise as {@link #members}. */
    public String name(String place) {
        require(place, kind == Kind.TEXT || kind == Kind.NUMBER, "a text or a number");
        return (String) value;
    }

    /** A text, a number's digits, {@code true} or {@code false}; empty for anything else. */
    public Optional<String> asScalar() {
        return kind == Kind.OBJECT || kind == Kind.ARRAY || kind == Kind.NULL
                ? Optional.empty()
                : Optional.of(value.toString());
    }

    /** The number, rounded if need be; empty for anything else. */
    public Optional<Double> asDouble() {
        return kind == Kind.NUMBER ? Optional.of(Double.valueOf((String) value)) : Optional.empty();
    }

    /** The text; empty for anything else. */
    public Optional<String> asText() {
        return kind == Kind.TEXT ? Optional.of((String) value) : Optional.empty();
    }

    /** The whole number; otherwise as {@link #members}. */
    public long integer(String place) {
        require(place, kind == Kind.NUMBER, "a whole number");
        try {
            return Long.parseLong((String) value);
        } catch (NumberFormatException e) {
            throw wrong(place, MessageText.of((String) value), "a whole number of at most 64 bits");
        }
    }

    /** Whether it is true; otherwise as {@link #members}. */
    public boolean truth(String place) {
        require(place, kind == Kind.TRUTH, "true or false");
        return (Boolean) value;
    }

    private void require(String place, boolean fits, String expected) {
        if (!fits) {
            throw wrong(place, kind.words, expected);
        }
    }

    private static InvalidRequestException wrong(String place, String actual, String expected) {
        return new InvalidRequestException(place + ": is " + actual + ", expected " + expected);
    }

    /** This object with a member, in its old place if there was one of that name, otherwise as the last. */
    public JsonTree with(String name, JsonTree member) {
        Map<String, JsonTree> members = new LinkedHashMap<>(members("JSON"));
        members.put(name, member);
        return object(members);
    }

    /** This object with a member changed; the change gets an empty object where there is none of that name. */
    public JsonTree with(String name, Function<JsonTree, JsonTree> change) {
        return with(name, change.apply(member(name).orElse(EMPTY_OBJECT)));
    }

    /** This object without a member. */
    public JsonTree without(String name) {
        Map<String, JsonTree> members = new LinkedHashMap<>(members("JSON"));
        members.remove(name);
        return object(members);
    }

    @SuppressWarnings("unchecked")
    private Map<String, JsonTree> map() {
        return (Map<String, JsonTree>) value;
    }

    /** As lines for people, indented, the last one ended. */
    public String toLines() {
        return TreeWriter.lines(this) + "\n";
    }

    /** As one line, not ended. */
    public String toLine() {
        return TreeWriter.line(this);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof JsonTree tree && kind == tree.kind && value.equals(tree.value));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return MessageText.of(toLine());
    }
}
