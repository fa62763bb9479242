package dev.kitchen.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.spi.ControlDocument;
import dev.kitchen.spi.ControlStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process that dies while it deploys leaves nothing that keeps others from deploying. */
@Timeout(120)
class KilledDeployerTest {

    @TempDir
    Path directory;

    private Path root;
    private RegistryDirectory registry;

    @BeforeEach
    void deployTwoVersions() throws IOException {
        root = directory.resolve("registry");
        registry = Registries.withTwoVersions(root, directory);
    }

    private Path file(String content) throws IOException {
        Path sources = Files.createDirectories(directory.resolve(content));
        return Files.writeString(sources.resolve("model.onnx"), content);
    }

    private ChildJvm child(String version, String step) throws IOException {
        ChildJvm child = ChildJvm.start(DeploysOnce.class, root, file("of the dead"), version, step);
        assertThat(child.readLine()).isEqualTo(step);
        return child;
    }

    private void killChild(String version, String step) throws IOException, InterruptedException {
        try (ChildJvm child = child(version, step)) {
            child.kill();
        }
    }

    private List<Path> staged() throws IOException {
        try (Stream<Path> entries = Files.list(root.resolve(".staging"))) {
            return entries.sorted(Comparator.naturalOrder()).toList();
        }
    }

    private VersionInfo deployed(String version, String content) throws IOException {
        Registries.deploy(
                registry, DeployRequest.of("m", file(content)).version(version).build());
        return registry.refresh().model("m").orElseThrow().version(version).orElseThrow();
    }

    @Test
    void otherContentReplacesWhatWasPublishedAndNeverRegistered() throws Exception {
        killChild("3", WriteStep.CHANGED.name());
        assertThat(root.resolve("models/m/3/manifest.json")).exists();
        assertThat(registry.refresh().model("m").orElseThrow().version("3")).isEmpty();

        VersionInfo version = deployed("3", "of the living");

        assertThat(registry.verify(version)).isEmpty();
        assertThat(version.sizeBytes()).isEqualTo("of the living".length());
        assertThat(staged()).isEmpty();
    }

    @Test
    void theSameContentIsTakenAsItIs() throws Exception {
        killChild("3", WriteStep.VERIFIED.name());
        Path published = root.resolve("models/m/3");
        Object before =
                Files.readAttributes(published, BasicFileAttributes.class).fileKey();

        VersionInfo version = deployed("3", "of the dead");

        assertThat(Files.readAttributes(published, BasicFileAttributes.class).fileKey())
                .isEqualTo(before);
        assertThat(registry.verify(version)).isEmpty();
    }

    @Test
    void whatWasRegisteredStaysThoughItsDeployerDied() throws Exception {
        killChild("3", WriteStep.MOVED.name());

        assertThatThrownBy(() -> deployed("3", "of the living"))
                .isInstanceOfSatisfying(
                        RegistryException.class, it -> assertThat(it.reason()).isEqualTo(Reason.CONFLICT));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere nobody can tell who is dead: age decides")
    void stagedFilesAndNumbersOfTheDeadAreTidiedUpAtOnceThoseOfTheLivingStay() throws Exception {
        try (ChildJvm living = child(DeploysOnce.NEXT, DeploysOnce.STAGED)) {
            killChild(DeploysOnce.NEXT, DeploysOnce.STAGED);
            assertThat(staged()).hasSize(4);

            assertThat(Registries.deploy(registry, "m", file("five"))).isEqualTo("4");

            assertThat(staged()).hasSize(2).anyMatch(it -> it.endsWith("m.3.reserved"));
            living.kill();
        }
        assertThat(Registries.deploy(registry, "m", file("six"))).isEqualTo("5");
        assertThat(staged()).isEmpty();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere nobody can tell who is dead: age decides")
    void whatTheDeadPublishedAndNeverRegisteredIsNamedAndTidiedUp() throws Exception {
        killChild("registered", WriteStep.MOVED.name());
        for (String step : List.of("CHANGED", "WRITTEN", "BACKED_UP")) {
            killChild("dead-" + step, step);
        }
        Path byHand = Files.createDirectories(root.resolve("models/m/by-hand"));
        Files.writeString(byHand.resolve("precious.onnx"), "by hand");
        // Each deploy has tidied up what the ones before it left.
        assertThat(registry.orphans("m")).hasSize(2).anyMatch(it -> it.contains("dead-BACKED_UP"));

        deployed("4", "of the living");

        assertThat(registry.orphans("m")).singleElement().asString().contains("by-hand");
        assertThat(byHand.resolve("precious.onnx")).hasContent("by hand");
        assertThat(root.resolve("models/m/registered/manifest.json")).exists();
        assertThat(staged()).isEmpty();
    }

    @Test
    void whatALivingProcessPublishesIsNoOrphan() throws Exception {
        try (ChildJvm living = child("slow", WriteStep.CHANGED.name())) {
            assertThat(root.resolve("models/m/slow/manifest.json")).exists();

            assertThat(registry.orphans("m")).isEmpty();

            living.kill();
        }
        assertThat(registry.orphans("m")).hasSize(1);
    }

    @Test
    void filesThatNobodyDeployedAreNotReplaced() throws IOException {
        Path byHand = Files.createDirectories(root.resolve("models/m/3"));
        Files.writeString(byHand.resolve("precious.onnx"), "by hand");

        assertThatThrownBy(() -> deployed("3", "other"))
                .isInstanceOfSatisfying(
                        RegistryException.class, it -> assertThat(it.reason()).isEqualTo(Reason.CONFLICT))
                .hasMessageContaining(byHand.toString());

        assertThat(byHand.resolve("precious.onnx")).hasContent("by hand");
    }

    @Test
    void filesThatAnotherVersionUsesAreNotReplaced() throws IOException {
        Path document = root.resolve("registry.json");
        Files.writeString(document, Files.readString(document).replace("models/m/2", "models/m/3"));
        Files.move(root.resolve("models/m/2"), root.resolve("models/m/3"));

        assertThatThrownBy(() -> deployed("3", "other"))
                .isInstanceOfSatisfying(
                        RegistryException.class, it -> assertThat(it.reason()).isEqualTo(Reason.CONFLICT));

        assertThat(registry.verify(
                        registry.refresh().model("m").orElseThrow().version("2").orElseThrow()))
                .isEmpty();
    }

    @Test
    void aVersionThatWasDeployedAgainMeanwhileKeepsItsFiles() throws IOException {
        RegistryDirectory slow = RegistryDirectory.open(root);
        VersionInfo removed =
                slow.snapshot().model("m").orElseThrow().version("2").orElseThrow();
        slow.remove("m", "2");
        VersionInfo again = deployed("2", "again");

        slow.deleteFiles(removed);

        assertThat(registry.verify(again)).isEmpty();
    }

    @Test
    void aStoreElsewherePublishesUnderTheLockOfTheDirectory() throws IOException {
        RegistryDirectory split =
                RegistryDirectory.open(directory.resolve("split"), elsewhere(FileControlStore.in(root)));

        Registries.deploy(split, "other", file("one"));

        assertThat(directory.resolve("split/.registry.lock")).exists();
        assertThat(split.history("other")).hasSize(2);
    }

    /** A store of which nobody knows that it has files. */
    private static ControlStore elsewhere(ControlStore store) {
        return new ControlStore() {

            @Override
            public ControlDocument read() {
                return store.read();
            }

            @Override
            public Object stamp() {
                return store.stamp();
            }

            @Override
            public ControlDocument update(UnaryOperator<ControlDocument> change) {
                return store.update(change);
            }

            @Override
            public String place() {
                return store.place();
            }

            @Override
            public void close() {
                store.close();
            }
        };
    }
}
