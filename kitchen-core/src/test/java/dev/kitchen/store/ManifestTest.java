package dev.kitchen.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManifestTest {

    private static final Manifest.Entry ONE = new Manifest.Entry("a", 3, "aa");
    private static final Manifest.Entry TWO = new Manifest.Entry("b/c", 4, "bb");

    private static Manifest parse(String json) {
        return Manifest.parse("manifest", json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theSameFilesMakeTheSameBytes() {
        Manifest manifest = new Manifest(List.of(TWO, ONE));

        assertThat(manifest.files()).containsExactly(ONE, TWO);
        assertThat(manifest.bytes()).isEqualTo(new Manifest(List.of(ONE, TWO)).bytes());
        assertThat(manifest.sha256())
                .isEqualTo(new Manifest(List.of(ONE, TWO)).sha256())
                .hasSize(64);
        assertThat(Manifest.parse("manifest", manifest.bytes())).isEqualTo(manifest);
        assertThat(manifest.sizeBytes()).isEqualTo(7);
    }

    @Test
    void saysWhatIsMissing() {
        refuses("{}", "manifest: has no 'files', expected a manifest");
        refuses("{\"files\": [{\"path\": \"a\", \"size\": 3}]}", "manifest: a file has no 'sha256'");
        refuses("{\"files\": [{\"path\": \"a\", \"sha256\": \"aa\"}]}", "manifest: a file has no 'size'");
        refuses("{\"files\": [{\"size\": 3, \"sha256\": \"aa\"}]}", "manifest: a file has no 'path'");
    }

    private static void refuses(String json, String message) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(message);
    }
}
