package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.onnx.OnnxOptions.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Models share threads unless somebody asks for threads of their own, and answer the same either way. */
@Timeout(300)
@EnabledOnOs(value = OS.LINUX, disabledReason = "threads are counted in /proc")
class SharedThreadsTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(SharedThreadsTest.class);
    private static final int CPUS = Runtime.getRuntime().availableProcessors();

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(names = {"JAVA", "AUTO"})
    void manyModelsTakeFewThreadsAndAnswerAsWithThreadsOfTheirOwn(Api api) throws Exception {
        copies(40);

        ForkedJvm.Result shared = open(api, "kitchen", 0);
        ForkedJvm.Result own = open(api, "kitchen", CPUS);

        assertThat(Integer.parseInt(shared.value("threads"))).isLessThanOrEqualTo(15 + CPUS);
        assertThat(Integer.parseInt(own.value("threads"))).isGreaterThanOrEqualTo(40 * (CPUS - 1));
        assertThat(shared.value("answer")).isEqualTo(own.value("answer"));
    }

    @ParameterizedTest
    @EnumSource(names = {"JAVA", "AUTO"})
    void whoAsksForThreadsPerModelGetsThem(Api api) throws Exception {
        copies(5);

        ForkedJvm.Result result = open(api, "kitchen", 4);

        assertThat(Integer.parseInt(result.value("threads"))).isGreaterThanOrEqualTo(5 * 3);
        assertThat(result.value("health")).isEqualTo("UP");
    }

    @ParameterizedTest
    @EnumSource(names = {"JAVA", "AUTO"})
    void anEnvironmentThatTheApplicationMadeFirstIsUsedAsItIs(Api api) throws Exception {
        copies(3);

        ForkedJvm.Result result = open(api, "application", 0);

        assertThat(result.value("health")).isEqualTo("UP");
        assertThat(result.value("answer")).isEqualTo(open(api, "kitchen", 0).value("answer"));
    }

    @ParameterizedTest
    @EnumSource(names = {"JAVA", "AUTO"})
    @Tag("proof")
    void threeHundredModelsOpenInSixSecondsWithSixteenThreads(Api api) throws Exception {
        copies(300);

        ForkedJvm.Result result = open(api, "kitchen", 0);

        LOGGER.warn("300 models, {}: {} s, {} threads", api, result.value("seconds"), result.value("threads"));
        assertThat(Integer.parseInt(result.value("threads"))).isLessThanOrEqualTo(Math.max(16, 14 + CPUS));
        assertThat(Double.parseDouble(result.value("seconds"))).isLessThan(6);
    }

    @Test
    void threadsOfANumberOfTheirOwnAreNotShared() {
        OnnxOptions defaults = OnnxOptions.defaults();

        assertThat(defaults.sharedThreads()).isTrue();
        assertThat(defaults.toBuilder().intraOpThreads(CPUS).build().sharedThreads())
                .isFalse();
        assertThat(defaults.toBuilder().interOpThreads(2).build().sharedThreads())
                .isFalse();
        assertThat(defaults.toBuilder().interOpThreads(1).build().sharedThreads())
                .isTrue();
        assertThat(defaults.toBuilder().sharedThreads(false).build().sharedThreads())
                .isFalse();
        assertThat(OnnxOptions.builder()
                        .sharedThreads(true)
                        .intraOpThreads(CPUS)
                        .build()
                        .sharedThreads())
                .isTrue();
        assertThatThrownBy(() -> OnnxOptions.builder()
                        .sharedThreads(true)
                        .interOpThreads(2)
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("shared-threads is true");
        assertThat(OnnxOptions.of(Map.of("shared-threads", "false")).sharedThreads())
                .isFalse();
        assertThatThrownBy(() -> OnnxOptions.of(Map.of("shared-threads", "true", "intra-op-threads", "" + (CPUS + 1))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("shared-threads");
    }

    private void copies(int count) throws IOException {
        Path model = Path.of(
                System.getProperty("kitchen.root"), "../shared/data/onnx/mnist-cnn-pytorch/cnn_mnist_pytorch.onnx");
        assumeTrue(Files.exists(model), "no image classifier at " + model);
        for (int i = 0; i < count; i++) {
            Files.copy(model, directory.resolve("m" + i + ".onnx"));
        }
    }

    private ForkedJvm.Result open(Api api, String owner, int threads) throws InterruptedException {
        ForkedJvm.Result result = ForkedJvm.of(OpensManyModels.class)
                .withArguments(directory.toString(), api.name(), owner, Integer.toString(threads))
                .run();
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result;
    }
}
