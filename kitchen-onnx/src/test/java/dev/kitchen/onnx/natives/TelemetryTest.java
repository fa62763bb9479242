package dev.kitchen.onnx.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TelemetryTest {

    @ParameterizedTest
    @ValueSource(strings = {"1.28.0", "0.9.1", "unknown"})
    void versionsThatSendNothingRaiseNoWarning(String version) {
        assertThat(Telemetry.warning(version, null)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1.29.0,", "1.30.1,0", "2.0.0,''"})
    void versionsThatReportRaiseAWarningUnlessForbidden(String version, String variable) {
        assertThat(Telemetry.warning(version, variable)).isPresent();
        assertThat(Telemetry.warning(version, "1")).isEmpty();
        assertThat(Telemetry.warning(version, "true")).isEmpty();
    }

    @Test
    void theJarInUseHasNoAddressToReportTo() throws Exception {
        for (NativeResource resource :
                NativeResource.onClassPath(getClass().getClassLoader(), NativePlatform.current())) {
            try (var content = resource.open()) {
                String text = new String(content.readAllBytes(), StandardCharsets.ISO_8859_1);
                assertThat(Map.of(
                                "OneCollector", text.contains("OneCollector"),
                                "events.data.microsoft.com", text.contains("events.data.microsoft.com")))
                        .allSatisfy((address, found) ->
                                assertThat(found).as(address).isFalse());
            }
        }
    }
}
