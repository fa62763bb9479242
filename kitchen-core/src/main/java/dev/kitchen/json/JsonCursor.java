package dev.kitchen.json;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/** Walks through a JSON document token by token, and says what is wrong in Kitchen's words. */
final class JsonCursor implements AutoCloseable {

    private static final int MAX_NAME_LENGTH = 1_000;
    private static final int MAX_PARAMETERS = 1_000;
    private static final int MAX_NUMBER_LENGTH = 1_000;

    private final String subject;
    private final byte[] document;
    private final JsonFactory factory;
    private final JsonParser parser;

    private JsonCursor(String subject, byte[] document, JsonFactory factory, JsonParser parser) {
        this.subject = subject;
        this.document = document;
        this.factory = factory;
        this.parser = parser;
    }

    static JsonFactory factory(JsonOptions options) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(options.maxDepth())
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .maxNameLength(MAX_NAME_LENGTH)
                        .maxStringLength(options.maxTensorBytes())
                        .build())
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }

    /**
     * A cursor before the document's first token.
     *
     * @param subject what the document is, as the beginning of a message
     */
    static JsonCursor open(String subject, JsonFactory factory, byte[] document) {
        return new JsonCursor(subject, document, factory, factory.createParser(ObjectReadContext.empty(), document));
    }

    /** A second cursor, on the value that begins at this byte. */
    JsonCursor reopenAt(long offset) {
        int start = Math.toIntExact(offset);
        return new JsonCursor(
                subject,
                document,
                factory,
                factory.createParser(ObjectReadContext.empty(), document, start, document.length - start));
    }

    JsonParser parser() {
        return parser;
    }

    /** Where the current token begins, in bytes. */
    long offset() {
        return parser.currentTokenLocation().getByteOffset();
    }

    JsonToken next() {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new InvalidRequestException(subject + ": ends in the middle, expected more JSON");
        }
        return token;
    }

    /** The next token, which has to be of this kind. */
    void expectNext(String place, JsonToken expected) {
        next();
        expect(place, expected);
    }

    /** The current token, which has to be of this kind. */
    void expect(String place, JsonToken expected) {
        if (parser.currentToken() != expected) {
            throw wrong(place, words(expected));
        }
    }

    InvalidRequestException wrong(String place, String expected) {
        return new InvalidRequestException(place + ": is " + words(parser.currentToken()) + ", expected " + expected);
    }

    private static String words(JsonToken token) {
        return switch (token) {
            case START_OBJECT, END_OBJECT, PROPERTY_NAME -> "an object";
            case START_ARRAY, END_ARRAY -> "an array";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT -> "a whole number";
            case VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null";
            default -> token.toString();
        };
    }

    /** Whether another property follows in the current object; stands on its name then, with its value next. */
    boolean nextProperty() {
        return next() != JsonToken.END_OBJECT;
    }

    String name() {
        return parser.currentName();
    }

    String text(String place) {
        expect(place, JsonToken.VALUE_STRING);
        return Texts.requireUnicode(place, parser.getString());
    }

    /** A name, which goes into messages and keys and so is short. */
    String shortText(String place) {
        String name = text(place);
        if (name.length() > MAX_NAME_LENGTH) {
            throw new InvalidRequestException(
                    place + ": has " + name.length() + " characters, expected at most " + MAX_NAME_LENGTH);
        }
        return name;
    }

    void skipValue() {
        next();
        parser.skipChildren();
    }

    /** The object that follows, of single values. */
    Map<String, Object> parameters(String place) {
        expectNext(place, JsonToken.START_OBJECT);
        Map<String, Object> parameters = new LinkedHashMap<>();
        while (nextProperty()) {
            String name = name();
            String here = place + " '" + MessageText.of(name) + "'";
            if (name.startsWith("triton_")) {
                throw new InvalidRequestException(
                        here + ": is reserved, expected a name that does not begin with triton_");
            }
            parameters.put(name, scalar(here));
            if (parameters.size() > MAX_PARAMETERS) {
                throw new InvalidRequestException(
                        place + ": is one of more than " + MAX_PARAMETERS + ", expected at most that");
            }
        }
        return parameters;
    }

    private Object scalar(String place) {
        return switch (next()) {
            case VALUE_STRING -> text(place);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> integer(place);
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            default -> throw wrong(place, "a text, a number, true or false");
        };
    }

    private Object integer(String place) {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw new InvalidRequestException(place + ": is " + MessageText.of(parser.getString())
                    + ", expected a whole number of at most 64 bits");
        }
        return parser.getLongValue();
    }

    void expectEnd() {
        if (parser.nextToken() != null) {
            throw new InvalidRequestException(subject + ": goes on after its end, expected one JSON object");
        }
    }

    static InvalidRequestException notJson(String subject, JacksonException e) {
        var location = e.getLocation();
        String where =
                location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
        return new InvalidRequestException(
                subject + ": is not JSON" + where + ": " + MessageText.of(e.getOriginalMessage()), e);
    }

    @Override
    public void close() {
        parser.close();
    }
}
