package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.observe.KitchenListener;
import dev.kitchen.observe.SwapEvent;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A volume that is swapped by a link works as a registry and as a plain directory, and its swaps are noticed. */
@Timeout(120)
class KubernetesVolumeTest {

    @TempDir
    Path directory;

    @TempDir
    Path sources;

    private final FakeBackend backend = new FakeBackend();
    private final Semaphore swaps = new Semaphore(0);
    private KubernetesVolume volume;

    @BeforeEach
    void makeVolume() {
        volume = new KubernetesVolume(directory);
    }

    @AfterEach
    void leaksNoSession() {
        assertThat(backend.openSessions()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "models/m/"})
    void aRegistryIsServedAndItsSwapNoticed(String place) throws Exception {
        volume.write(Map.of(
                "registry.json",
                document("1", "\"1\": {\"path\": \"" + place + "a.fake\"}"),
                place + "a.fake",
                model("first")));
        try (Kitchen kitchen = watching()) {
            awaitSwap();
            assertThat(tag(kitchen)).isEqualTo("first");

            volume.write(Map.of(
                    "registry.json",
                    document(
                            "2",
                            "\"1\": {\"path\": \"" + place + "a.fake\"}, \"2\": {\"path\": \"" + place + "b.fake\"}"),
                    place + "a.fake",
                    model("first"),
                    place + "b.fake",
                    model("second")));
            awaitSwap();

            assertThat(tag(kitchen)).isEqualTo("second");
            assertThat(kitchen.health().problems()).isEmpty();
            assertThat(kitchen.registry().verify("m")).isEmpty();
        }
    }

    @Test
    void aPlainDirectoryIsServedAndItsSwapNoticed() throws Exception {
        volume.write(Map.of("m.fake", model("first")));
        try (Kitchen kitchen = watching()) {
            awaitSwap();

            volume.write(Map.of("m.fake", model("second")));
            awaitSwap();

            assertThat(tag(kitchen)).isEqualTo("second");
        }
    }

    @Test
    void aLinkThatOnlyLooksAlikeLeadsNowhere() throws IOException {
        Path secret = Files.createDirectories(directory.resolve("secret"));
        FakeBackend.writeModel(secret, "a", "secret");
        Path root = Files.createDirectories(directory.resolve("root"));
        Files.createSymbolicLink(root.resolve("..data"), secret);
        Files.createSymbolicLink(root.resolve("a.fake"), Path.of("..data/a.fake"));
        Files.writeString(root.resolve("registry.json"), document("1", "\"1\": {\"path\": \"a.fake\"}"));
        try (Kitchen kitchen = Kitchen.builder()
                .models(root)
                .backend(backend)
                .watch(Duration.ZERO)
                .open()) {
            assertThat(kitchen.health().problems()).singleElement().asString().contains("is a symbolic link");
        }
    }

    private Kitchen watching() {
        return Kitchen.builder()
                .models(directory)
                .backend(backend)
                .watch(Duration.ofMillis(20))
                .listener(new KitchenListener() {
                    @Override
                    public void onSwap(SwapEvent event) {
                        swaps.release();
                    }
                })
                .open();
    }

    private void awaitSwap() throws InterruptedException {
        assertThat(swaps.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
    }

    private static String document(String current, String versions) {
        return "{\"m\": {\"current_version\": \"" + current + "\", \"versions\": {" + versions + "}}}";
    }

    private String model(String tag) throws IOException {
        return Files.readString(FakeBackend.writeModel(Files.createTempDirectory(sources, "model"), "m", tag));
    }

    private static String tag(Kitchen kitchen) {
        return kitchen.endpoint("m").predict("x", Models.x(1)).tensor("tag").stringAt(0);
    }
}
