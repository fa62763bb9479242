package dev.kitchen.onnx.natives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.spi.Finding;
import dev.kitchen.spi.Finding.Severity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryPreflightTest {

    @TempDir
    private Path directory;

    @Test
    void aPlaceForTheStoreThatIsPassedOverIsAWarningAndNoPlaceAnError() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        Path fine = directory.resolve("fine");

        List<Finding> second = DirectoryPreflight.store(new StoreLocations(List.of(file, fine), false));
        List<Finding> none = DirectoryPreflight.store(new StoreLocations(List.of(file), true));

        assertThat(second).extracting(Finding::code).containsExactly("native-store-passed-over", "native-store");
        assertThat(none).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.code()).isEqualTo("no-native-store");
            assertThat(finding.problem()).contains(file.toString());
        });
    }
}
