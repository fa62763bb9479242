package dev.kitchen.json;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** Reads a document into a tree, strictly. */
final class TreeReader {

    private static final int MAX_DEPTH = 100;
    private static final int MAX_NAME_LENGTH = 1_000;
    private static final int MAX_NUMBER_LENGTH = 1_000;

    /** Texts are as long as the document may be. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String place;
    private final JsonParser parser;

    private TreeReader(String place, JsonParser parser) {
        this.place = place;
        this.parser = parser;
    }

    static JsonTree read(String place, byte[] document, int maxBytes) {
        if (document.length > maxBytes) {
            throw new InvalidRequestException(
                    place + ": has " + document.length + " bytes, expected at most " + maxBytes);
        }
        requireUtf8(place, document);
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), document)) {
            return new TreeReader(place, parser).document();
        } catch (JacksonException e) {
            TokenStreamLocation location = e.getLocation();
            throw new InvalidRequestException(
                    place + ": is not JSON" + where(location) + ": " + MessageText.of(e.getOriginalMessage()), e);
        }
    }

    /** The parser would take byte order marks, UTF-16 and UTF-32 without a word. */
    private static void requireUtf8(String place, byte[] document) {
        int first = document.length > 0 ? document[0] & 0xFF : -1;
        int second = document.length > 1 ? document[1] & 0xFF : -1;
        if (first == 0xEF || first == 0xFE || first == 0xFF) {
            throw new InvalidRequestException(
                    place + ": begins with a byte order mark, expected UTF-8 without one, beginning with '{'");
        }
        if (first == 0 || second == 0) {
            throw new InvalidRequestException(place + ": begins with a zero byte, expected JSON in UTF-8");
        }
    }

    private static String where(TokenStreamLocation location) {
        return location == null
                ? ""
                : " at line " + location.getLineNr() + ", column " + location.getColumnNr() + " (byte "
                        + Math.max(0, location.getByteOffset()) + ")";
    }

    private JsonTree document() {
        if (parser.nextToken() == null) {
            throw new InvalidRequestException(place + ": is empty, expected JSON");
        }
        JsonTree tree = value();
        if (parser.nextToken() != null) {
            throw new InvalidRequestException(place + ": goes on after its end" + where(parser.currentTokenLocation())
                    + ", expected one JSON value");
        }
        return tree;
    }

    private JsonTree value() {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> JsonTree.text(Texts.requireUnicode(place, parser.getString()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> JsonTree.digits(parser.getString());
            case VALUE_TRUE -> JsonTree.truth(true);
            case VALUE_FALSE -> JsonTree.truth(false);
            case VALUE_NULL -> JsonTree.nothing();
            default ->
                throw new InvalidRequestException(
                        place + ": is not JSON" + where(parser.currentTokenLocation()) + ", expected a value");
        };
    }

    private JsonTree object() {
        Map<String, JsonTree> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = Texts.requireUnicode(place, parser.currentName());
            parser.nextToken();
            members.put(name, value());
        }
        return JsonTree.object(members);
    }

    private JsonTree array() {
        List<JsonTree> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value());
        }
        return JsonTree.array(elements);
    }
}
