package dev.kitchen.json;

import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** Writes trees, with the same bytes on every machine. */
final class TreeWriter {

    private static final JsonFactory FACTORY = new JsonFactory();

    private TreeWriter() {}

    static String line(JsonTree tree) {
        return write(tree, ObjectWriteContext.empty());
    }

    static String lines(JsonTree tree) {
        return write(tree, new ObjectWriteContext.Base() {
            @Override
            public boolean hasPrettyPrinter() {
                return true;
            }

            @Override
            public PrettyPrinter getPrettyPrinter() {
                return new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
            }
        });
    }

    private static String write(JsonTree tree, ObjectWriteContext context) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(context, text)) {
            write(tree, json);
        }
        return text.toString();
    }

    private static void write(JsonTree tree, JsonGenerator json) {
        switch (tree.kind()) {
            case OBJECT -> writeObject(tree.members("JSON"), json);
            case ARRAY -> writeArray(tree.elements("JSON"), json);
            case TEXT -> json.writeString((String) tree.value());
            case NUMBER -> json.writeNumber((String) tree.value());
            case TRUTH -> json.writeBoolean((Boolean) tree.value());
            case NULL -> json.writeNull();
        }
    }

    private static void writeObject(Map<String, JsonTree> members, JsonGenerator json) {
        json.writeStartObject();
        members.forEach((name, member) -> {
            json.writeName(name);
            write(member, json);
        });
        json.writeEndObject();
    }

    private static void writeArray(List<JsonTree> elements, JsonGenerator json) {
        json.writeStartArray();
        elements.forEach(it -> write(it, json));
        json.writeEndArray();
    }
}
