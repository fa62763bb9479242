package dev.kitchen.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.spi.Finding;
import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/** One line that says what is missing and what to add. */
class LibraryHelpTest {

    private static final String PLATFORM = "linux-x86_64";

    @Test
    void namesTheArtifactsAndTheClassifier() {
        assertThat(LibraryHelp.of(
                        "java.lang.UnsatisfiedLinkError: no jnitensorflowlite in java.library.path",
                        "linux-arm64",
                        false))
                .isEqualTo("TensorFlow Lite does not load on linux-arm64: its natives are not on the class path; add"
                        + " org.bytedeco:tensorflow-lite:2.21.0-1.5.14 and org.bytedeco:javacpp:1.5.14 with the"
                        + " classifier linux-arm64");
    }

    @Test
    void namesTheVersionOfTheCLibraryThatIsNeeded() {
        assertThat(LibraryHelp.of("/lib/libc.so.6: version `GLIBC_2.34' not found (required by", PLATFORM, false))
                .contains("needs GLIBC_2.34, which this system's glibc does not have")
                .contains("ubuntu:22.04");
        assertThat(LibraryHelp.of("libstdc++.so.6: version `GLIBCXX_3.4.30' not found (required", PLATFORM, false))
                .contains("needs GLIBCXX_3.4.30, which this system's libstdc++ does not have");
        assertThat(LibraryHelp.of("libstdc++.so.6: cannot open shared object file", PLATFORM, false))
                .contains("install it (apt-get install libstdc++6)");
    }

    @Test
    void knowsMusl() {
        assertThat(LibraryHelp.of("Error relocating", PLATFORM, true)).contains("this system has musl (Alpine Linux)");
    }

    @Test
    void staysInOneLine() {
        assertThat(LibraryHelp.of("strange\nthings", PLATFORM, false))
                .doesNotContain("\n")
                .contains("strange\\nthings");
    }

    @Test
    void anApplicationWithoutNativesIsToldInAFinding() throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(it -> !it.contains(PLATFORM))
                .collect(Collectors.joining(File.pathSeparator));

        ForkedJvm.Result result = ForkedJvm.run(List.of("-cp", classPath), PrintsFindings.class, "findings");

        assertThat(result.output())
                .contains("ERROR tflite-not-loadable: TensorFlow Lite does not load on")
                .contains("with the classifier");
    }

    @Test
    void theLimitOnAllMemoryOfTheProcessIsOffUnlessItsUserSetsOne() throws Exception {
        assertThat(ForkedJvm.run(List.of(), PrintsFindings.class).output())
                .contains("INFO tflite-loaded: TensorFlow Lite 2.21.0 is loaded")
                .contains("limit=0 property=null");
        assertThat(ForkedJvm.run(List.of("-Dorg.bytedeco.javacpp.maxPhysicalBytes=3g"), PrintsFindings.class)
                        .output())
                .contains("limit=3221225472 property=3g");
    }

    /** Prints what preflight finds, and JavaCPP's limit on memory unless told otherwise. */
    static final class PrintsFindings {

        private PrintsFindings() {}

        public static void main(String[] arguments) {
            for (Finding finding : new TfliteBackend().preflight()) {
                System.out.println(finding);
            }
            if (arguments.length == 0) {
                System.out.printf(
                        "limit=%d property=%s%n",
                        Pointer.maxPhysicalBytes(), System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes"));
            }
        }
    }
}
