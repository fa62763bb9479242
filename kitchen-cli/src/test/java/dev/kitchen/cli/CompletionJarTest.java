package dev.kitchen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real bash makes of the jar's completion script. */
class CompletionJarTest {

    private static final Path JAR = Path.of(System.getProperty("kitchen.jar", "target/kitchen.jar"));

    /** Completes the last word of each argument; bash has {@code compopt} only where a person presses the key. */
    private static final String COMPLETE_EACH = """
            source <("$0" -jar "$1" completion) || exit
            shift
            compopt() { :; }
            complete=$(complete -p kitchen) || exit
            function=$(sed 's/.* -F \\([^ ]*\\) .*/\\1/' <<< "$complete")
            for line in "$@"; do
              eval "COMP_WORDS=($line)"
              COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE="${COMP_WORDS[*]}" COMPREPLY=()
              COMP_POINT=${#COMP_LINE}
              "$function" kitchen "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
              echo "${COMPREPLY[*]}"
            done
            """;

    @TempDir
    private Path directory;

    @BeforeEach
    void requireBash() {
        boolean present = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(it -> Files.isExecutable(Path.of(it, "bash")));
        assumeTrue(present, "this system has no bash");
    }

    private List<String> completed(String... lines) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of("bash", "--norc", "-c", COMPLETE_EACH, java));
        command.add(JAR.toAbsolutePath().toString());
        command.addAll(Arrays.asList(lines));
        Path out = directory.resolve("out.txt");
        Path messages = directory.resolve("messages.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Files.createDirectories(directory.resolve("home")).toFile())
                .redirectOutput(out.toFile())
                .redirectError(messages.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        boolean ended = process.waitFor(1, TimeUnit.MINUTES);
        process.destroyForcibly().waitFor();
        assertThat(ended).isTrue();
        assertThat(messages).isEmptyFile();
        return Files.readAllLines(out);
    }

    @Test
    void completesCommands() throws Exception {
        assertThat(completed("kitchen de", "kitchen --verbose roll", "kitchen pol", "kitchen x"))
                .containsExactly("deploy deactivate delete describe", "rollback", "policy", "");
        assertThat(completed("kitchen ''").get(0).split(" ")).contains("doctor", "policy", "completion");
    }

    @Test
    void completesOptionsWhereverTheyStand() throws Exception {
        assertThat(completed(
                        "kitchen --ver",
                        "kitchen deploy --act",
                        "kitchen deploy fraud build/fraud --act",
                        "kitchen alias fraud champion --rem",
                        "kitchen policy fraud --js"))
                .containsExactly("--version --verbose", "--activate", "--activate", "--remove", "--json");
    }

    @Test
    void completesWordsAsTheHelpSpellsThem() throws Exception {
        assertThat(completed(
                        "kitchen predict m.onnx rows --from ''",
                        "kitchen predict m.onnx rows --to ''",
                        "kitchen predict m.onnx rows --progress a",
                        "kitchen policy fraud ''",
                        "kitchen policy fraud la"))
                .containsExactly("csv json jsonl", "csv json", "auto always", "latest all specific", "latest");
    }

    @Test
    void completesFilesWhereFilesAreMeant() throws Exception {
        Files.createDirectories(directory.resolve("home/models dir"));
        Files.createFile(directory.resolve("home/flowers.csv"));
        Files.createFile(directory.resolve("home/iris.onnx"));

        assertThat(completed(
                        "kitchen inspect ir",
                        "kitchen predict ir",
                        "kitchen predict iris.onnx fl",
                        "kitchen predict iris.onnx flowers.csv --output fl",
                        "kitchen bench iris.onnx --input fl",
                        "kitchen deploy fraud ir",
                        "kitchen list --registry mod",
                        "kitchen describe ir"))
                .containsExactly(
                        "iris.onnx",
                        "iris.onnx",
                        "flowers.csv",
                        "flowers.csv",
                        "flowers.csv",
                        "iris.onnx",
                        "models dir",
                        "");
    }

    @Test
    void aModelsNameIsNotTakenForAnOption() throws Exception {
        Files.createFile(Files.createDirectories(directory.resolve("home")).resolve("iris.onnx"));

        assertThat(completed("kitchen deploy t ir", "kitchen deploy 'a+(' ir", "kitchen policy json sp"))
                .containsExactly("iris.onnx", "iris.onnx", "specific");
    }
}
