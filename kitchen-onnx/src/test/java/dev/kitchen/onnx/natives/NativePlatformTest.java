package dev.kitchen.onnx.natives;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativePlatformTest {

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, linux-x64, libonnxruntime.so",
        "Linux, aarch64, linux-aarch64, libonnxruntime.so",
        "Mac OS X, aarch64, osx-aarch64, libonnxruntime.dylib",
        "Darwin, x86_64, osx-x64, libonnxruntime.dylib",
        "Windows 11, amd64, win-x64, onnxruntime.dll",
        "Linux, x86, linux-x86, libonnxruntime.so",
        "Linux, ppc64le, linux-ppc64, libonnxruntime.so",
        "SunOS, sparcv9, sunos-sparcv9, libonnxruntime.so"
    })
    void speaksTheWordsOfOnnxRuntime(String os, String arch, String platform, String file) {
        NativePlatform named = NativePlatform.of(os, arch);

        assertThat(named.name()).isEqualTo(platform);
        assertThat(named.fileName("onnxruntime")).isEqualTo(file);
    }
}
