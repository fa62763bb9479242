package dev.kitchen.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A run of the program inside this JVM, and how it ended. */
record CommandLineRun(int code, String out, String messages) {

    static final Path IRIS =
            Path.of(System.getProperty("kitchen.root"), "examples", "quickstart", "models", "iris.onnx");

    static CommandLineRun of(Object... arguments) {
        return withInput("", arguments);
    }

    static CommandLineRun withInput(String input, Object... arguments) {
        return on(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), false, arguments);
    }

    static CommandLineRun inFrontOfAPerson(Object... arguments) {
        return on(InputStream.nullInputStream(), true, arguments);
    }

    private static CommandLineRun on(InputStream in, boolean seen, Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        int code = Main.run(new Terminal(in, out, messages, seen, seen), texts);
        return new CommandLineRun(
                code, out.toString(StandardCharsets.UTF_8), messages.toString(StandardCharsets.UTF_8));
    }

    JsonNode json() {
        return new ObjectMapper().readTree(out);
    }
}
