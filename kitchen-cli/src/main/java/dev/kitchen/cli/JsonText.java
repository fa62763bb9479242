package dev.kitchen.cli;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Maps, lists, texts, numbers and what is optional, as JSON. Numbers that JSON does not have become null, and so does
 * what is not there.
 */
final class JsonText {

    private static final String INDENT = "  ";

    private final StringBuilder text = new StringBuilder();
    private final boolean pretty;

    /** JSON that is there already. */
    record Raw(String json) {}

    private JsonText(boolean pretty) {
        this.pretty = pretty;
    }

    /** In lines, indented. */
    static String pretty(Object value) {
        return new JsonText(true).append(value, 0).text.toString();
    }

    /** In one line. */
    static String compact(Object value) {
        return new JsonText(false).append(value, 0).text.toString();
    }

    private JsonText append(Object value, int depth) {
        if (value instanceof Optional<?> optional) {
            optional.ifPresentOrElse(it -> append(it, depth), () -> text.append("null"));
        } else if (value instanceof Map<?, ?> map) {
            object(map, depth);
        } else if (value instanceof List<?> list) {
            array(list, depth);
        } else if (value instanceof Double || value instanceof Float) {
            text.append(Double.isFinite(((Number) value).doubleValue()) ? value.toString() : "null");
        } else if (value instanceof Number || value instanceof Boolean) {
            text.append(value);
        } else if (value instanceof Raw raw) {
            text.append(raw.json());
        } else {
            string(value.toString());
        }
        return this;
    }

    private void object(Map<?, ?> map, int depth) {
        text.append('{');
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<?, ?> entry = entries.next();
            newLine(depth + 1);
            string(String.valueOf(entry.getKey()));
            text.append(pretty ? ": " : ":");
            append(entry.getValue(), depth + 1);
            text.append(entries.hasNext() ? "," : "");
        }
        if (!map.isEmpty()) {
            newLine(depth);
        }
        text.append('}');
    }

    private void array(List<?> list, int depth) {
        boolean inLines = list.stream().anyMatch(it -> it instanceof Map || it instanceof List);
        text.append('[');
        for (int i = 0; i < list.size(); i++) {
            if (inLines) {
                newLine(depth + 1);
            }
            append(list.get(i), depth + 1);
            text.append(i == list.size() - 1 ? "" : pretty && !inLines ? ", " : ",");
        }
        if (inLines) {
            newLine(depth);
        }
        text.append(']');
    }

    private void newLine(int depth) {
        if (pretty) {
            text.append('\n').append(INDENT.repeat(depth));
        }
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            switch (character) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> appendCharacter(value, i, character);
            }
        }
        text.append('"');
    }

    /** Controls are escaped, for terminals' sake those above 127 too; so is half of a pair, which UTF-8 cannot hold. */
    private void appendCharacter(String value, int index, char character) {
        boolean lonely = Character.isHighSurrogate(character)
                ? index + 1 == value.length() || !Character.isLowSurrogate(value.charAt(index + 1))
                : Character.isLowSurrogate(character)
                        && (index == 0 || !Character.isHighSurrogate(value.charAt(index - 1)));
        if (Character.isISOControl(character) || lonely) {
            text.append(String.format("\\u%04x", (int) character));
        } else {
            text.append(character);
        }
    }
}
