package dev.kitchen.onnx.natives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.error.ConfigurationException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadFailureTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    /x/l.so: /lib64/libc.so.6: version `GLIBC_2.27' not found (required by /x/l.so) | it lacks GLIBC_2.27; use a newer base image
                    /x/l.so: libstdc++.so.6: version `GLIBCXX_3.4.22' not found (required by /x/l.so) | it lacks GLIBCXX_3.4.22
                    /x/j.so: /y/libonnxruntime.so: version `VERS_1.29.0' not found (required by /x/j.so) | the binding of ONNX Runtime 1.29.0 met another version
                    /x/l.so: /x/l.so: failed to map segment from shared object: Operation not permitted | mounted noexec; set -Dkitchen.native.dir
                    Native Library /x/l.so already loaded in another classloader | another class loader has loaded the same file; unset -Donnxruntime.native.path
                    /x/l.so: libstdc++.so.6: cannot open shared object file: No such file or directory | the system library libstdc++.so.6 is missing; install it
                    /x/l.so: /x/l.so: wrong ELF class: ELFCLASS32 | damaged or made for another processor
                    /x/l.so: /x/l.so: file too short | damaged or made for another processor
                    /x/l.so: /x/l.so: invalid ELF header | damaged or made for another processor
                    no onnxruntime in java.library.path: /usr/lib | no libraries for linux-riscv64, only for [linux-aarch64, linux-x64, osx-aarch64, win-x64]
                    """)
    void namesTheCauseAndTheCure(String message, String explanation) {
        assertThat(explain(new UnsatisfiedLinkError(message))).contains(explanation, message);
    }

    @Test
    void namesAMismatchOfClassesAndLibraries() {
        var failure = new ExceptionInInitializerError(new IllegalStateException(
                "There is a mismatch between the ORT class files and the ORT native library, and the native library"
                        + " could not be loaded"));

        assertThat(explain(failure)).contains("of different versions; take both from the same onnxruntime jar");
    }

    @Test
    void namesAnUnsupportedPlatform() {
        assertThat(explain(new ExceptionInInitializerError(new IllegalStateException("Unsupported arch:riscv64"))))
                .contains("no libraries for linux-riscv64");
    }

    @Test
    void namesTheTemporaryDirectoryWhenAFileCannotBeWritten() {
        IOException denied = new AccessDeniedException("/tmp/onnxruntime-java123");

        assertThat(explain(new ExceptionInInitializerError(new RuntimeException("Failed to load", denied))))
                .contains("java.io.tmpdir=", "start the JVM with -Djava.io.tmpdir=", "AccessDeniedException");
    }

    @Test
    void namesAFailureThatCameBeforeKitchen() {
        assertThat(explain(new NoClassDefFoundError("Could not initialize class ai.onnxruntime.OrtEnvironment")))
                .contains("tried before in this class loader, not by Kitchen");
    }

    @Test
    void isOneLineOfLimitedLengthWhateverTheCauseSays() {
        String message = explain(new UnsatisfiedLinkError("a\nb\u0007".repeat(10_000)));

        assertThat(message).hasSizeLessThan(400).doesNotContain("\n", "\u0007");
    }

    @Test
    void keepsTheCause() {
        UnsatisfiedLinkError cause = new UnsatisfiedLinkError("why");

        assertThat(LoadFailure.of(
                        cause, new NativePlatform("linux-x64"), getClass().getClassLoader()))
                .isInstanceOf(ConfigurationException.class)
                .hasCause(cause);
    }

    private String explain(Throwable failure) {
        return LoadFailure.of(
                        failure, new NativePlatform("linux-riscv64"), getClass().getClassLoader())
                .getMessage();
    }
}
