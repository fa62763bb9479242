package dev.kitchen.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What does a C program pay? Compiles {@code floor.c} with the machine's C compiler and runs it on the same models and
 * the same library as the Java benchmarks. Arguments: the C source, where to write, seconds per repetition.
 */
final class CFloor {

    private static final String LIBRARY = "/ai/onnxruntime/native/linux-x64/libonnxruntime.so";

    private CFloor() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("kitchen-floor");
        Path program = directory.resolve("floor");
        if (!run(List.of("cc", "-O2", "-o", program.toString(), arguments[0], "-ldl", "-lm"), null)) {
            System.out.println("floor: no C compiler, so no floor in the results");
            return;
        }
        Path library = directory.resolve("libonnxruntime.so");
        try (InputStream content = CFloor.class.getResourceAsStream(LIBRARY)) {
            if (content == null) {
                System.out.println("floor: the onnxruntime jar has no " + LIBRARY + ", so no floor in the results");
                return;
            }
            Files.copy(content, library);
        }
        try (PrintStream target = new PrintStream(arguments[1], StandardCharsets.UTF_8)) {
            for (String name : Models.NAMES) {
                measure(program, library, Model.of(name), arguments[2], target);
            }
        }
    }

    private static void measure(Path program, Path library, Model model, String seconds, PrintStream target)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("floor", ".json");
        List<String> command = List.of(
                program.toString(),
                library.toString(),
                model.file().toString(),
                model.shape().stream().map(Object::toString).collect(Collectors.joining(",")),
                Integer.toString(model.answers()),
                seconds);
        if (!run(command, output)) {
            throw new IOException("the C program failed: " + command);
        }
        for (String line : Files.readAllLines(output)) {
            target.println("{\"model\": \"" + model.name() + "\", " + line.substring(1));
        }
    }

    private static boolean run(List<String> command, @org.jspecify.annotations.Nullable Path output)
            throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        if (output != null) {
            builder.redirectOutput(output.toFile());
        }
        try {
            return builder.start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
