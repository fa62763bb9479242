package dev.kitchen.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.json.JsonTree;
import dev.kitchen.registry.AuditEntry;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.registry.VersionInfo.Status;
import dev.kitchen.registry.VersionPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryDirectoryTest {

    @TempDir
    Path directory;

    private Path root;
    private RegistryDirectory registry;

    @BeforeEach
    void open() {
        root = directory.resolve("registry");
        registry = RegistryDirectory.open(root);
    }

    private Path file(String content) throws IOException {
        return Registries.model(directory.resolve("sources"), content);
    }

    private ModelInfo model() {
        return registry.refresh().model("m").orElseThrow();
    }

    private VersionInfo version(String name) {
        return model().version(name).orElseThrow();
    }

    private static void requireRefused(Reason reason, ThrowingCallable operation) {
        assertThatThrownBy(operation)
                .isInstanceOfSatisfying(
                        RegistryException.class, it -> assertThat(it.reason()).isEqualTo(reason));
    }

    @Test
    void isEmptyWhereNothingIs() {
        assertThat(RegistryDirectory.isRegistry(root)).isFalse();
        assertThat(registry.snapshot()).isEqualTo(new RegistrySnapshot(0, Map.of()));
        assertThat(root).doesNotExist();
    }

    @Test
    void registersWhatItIsToldAndFindsItAgain() throws IOException {
        DeployRequest request = DeployRequest.of("m", file("one"))
                .version("1.0")
                .metric("auc", 0.93)
                .lineage("run_id", "r7")
                .tag("team", "risk")
                .build();

        Registries.deploy(registry, request);

        VersionInfo version = RegistryDirectory.open(root)
                .snapshot()
                .model("m")
                .orElseThrow()
                .version("1.0")
                .orElseThrow();
        assertThat(version.path()).isEqualTo(root.resolve("models/m/1.0")).isDirectory();
        assertThat(version.status()).isEqualTo(Status.ACTIVE);
        assertThat(version.metrics()).isEqualTo(Map.of("auc", 0.93));
        assertThat(version.lineage())
                .containsOnlyKeys("run_id", "registered_by")
                .containsEntry("run_id", "r7");
        assertThat(version.tags()).isEqualTo(Map.of("team", "risk"));
        assertThat(version.sizeBytes()).isEqualTo(3);
        assertThat(version.backend()).contains("fake");
        assertThat(version.createdAt()).isPresent();
        assertThat(registry.verify(version)).isEmpty();
        assertThat(registry.artifact(version)).isEqualTo(version.path());
    }

    @Test
    void writesDownWhatAVersionTakesAndReturns() throws IOException {
        Registries.deploy(registry, "m", file("one"));

        JsonTree signature = JsonTree.parse("document", Files.readAllBytes(root.resolve("registry.json")), 10_000)
                .member("m")
                .flatMap(it -> it.member("versions"))
                .flatMap(it -> it.member("1"))
                .flatMap(it -> it.member("signature"))
                .orElseThrow();

        assertThat(signature.toLine())
                .isEqualTo("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[-1,2]}],"
                        + "\"outputs\":[{\"name\":\"y\",\"datatype\":\"INT64\",\"shape\":[-1]}]}");
    }

    @Test
    void knowsWhereAVersionComesFromUnlessItIsTold() throws IOException {
        registry = Registries.withTwoVersions(root, directory);
        Registries.deploy(
                registry,
                DeployRequest.of("m", file("three"))
                        .lineage("parent_version", "0")
                        .lineage("registered_by", "cook")
                        .build());

        assertThat(version("1").lineage()).containsOnlyKeys("registered_by");
        assertThat(version("2").lineage())
                .containsEntry("parent_version", "1")
                .hasEntrySatisfying(
                        "registered_by", it -> assertThat(it).startsWith(System.getProperty("user.name") + "@"));
        assertThat(version("3").lineage()).isEqualTo(Map.of("parent_version", "0", "registered_by", "cook"));
    }

    @Test
    void theFirstVersionBecomesCurrentTheSecondOnlyIfAsked() throws IOException {
        String first = Registries.deploy(registry, "m", file("one"));
        String second = Registries.deploy(registry, "m", file("two"));
        assertThat(model().currentVersion()).contains(first);

        String third = Registries.deploy(
                registry, DeployRequest.of("m", file("three")).activate().build());

        assertThat(List.of(first, second, third)).containsExactly("1", "2", "3");
        assertThat(model().currentVersion()).contains("3");
        assertThat(model().previousVersions()).containsExactly("1");
        assertThat(version("1").status()).isEqualTo(Status.REGISTERED);
    }

    @Test
    void theSameContentIsTheSameVersion() throws IOException {
        Path file = file("one");
        Registries.deploy(registry, "m", file);
        long generation = registry.snapshot().generation();

        try (StagedVersion again = registry.stage(DeployRequest.of("m", file).build())) {
            assertThat(again.registered()).map(VersionInfo::version).contains("1");
            registry.register(again, DeployRequest.of("m", file).build(), Registries.LOADED, false);
        }
        Registries.deploy(registry, DeployRequest.of("m", file).version("1").build());

        assertThat(registry.refresh().generation()).isEqualTo(generation);
        assertThat(root.resolve(".staging")).isEmptyDirectory();
    }

    @Test
    void aVersionNeverChanges() throws IOException {
        Registries.deploy(
                registry, DeployRequest.of("m", file("one")).version("1").build());

        requireRefused(
                Reason.CONFLICT,
                () -> registry.stage(
                        DeployRequest.of("m", file("other")).version("1").build()));

        assertThat(root.resolve(".staging")).isEmptyDirectory();
    }

    @Test
    void twoThatDeployAtOnceGetTwoNumbers() throws IOException {
        DeployRequest one = DeployRequest.of("m", file("one")).build();
        DeployRequest two = DeployRequest.of("m", file("two")).build();

        try (StagedVersion first = registry.stage(one);
                StagedVersion second = RegistryDirectory.open(root).stage(two)) {
            registry.register(second, two, Registries.LOADED, false);
            registry.register(first, one, Registries.LOADED, false);
        }

        assertThat(model().versions()).extracting(VersionInfo::version).containsExactly("1", "2");
        assertThat(model().currentVersion()).contains("2");
        assertThat(root.resolve(".staging")).isEmptyDirectory();
    }

    @Test
    void twoThatDeployTheSameVersionAtOnce() throws IOException {
        Path same = file("one");
        DeployRequest request = DeployRequest.of("m", same).version("7").build();
        DeployRequest other = DeployRequest.of("m", file("other")).version("7").build();

        try (StagedVersion first = registry.stage(request);
                StagedVersion second = RegistryDirectory.open(root).stage(request);
                StagedVersion third = registry.stage(other)) {
            registry.register(first, request, Registries.LOADED, false);
            long generation = registry.snapshot().generation();
            registry.register(second, request, Registries.LOADED, false);
            assertThat(registry.refresh().generation()).isEqualTo(generation);
            requireRefused(Reason.CONFLICT, () -> registry.register(third, other, Registries.LOADED, false));
        }

        assertThat(model().versions()).hasSize(1);
        assertThat(registry.verify(version("7"))).isEmpty();
    }

    @Test
    void aDirectoryIsDeployedWithAllItsFiles() throws IOException {
        Path bundle = Files.createDirectories(directory.resolve("bundle"));
        Files.writeString(bundle.resolve("model.onnx"), "graph");
        Files.createDirectories(bundle.resolve("data"));
        Files.writeString(bundle.resolve("data/weights.bin"), "weights");
        Files.writeString(bundle.resolve("kitchen.json"), "{}");

        Registries.deploy(registry, "m", bundle);

        Path published = version("1").path();
        assertThat(Manifest.read(published.resolve("manifest.json")).files())
                .extracting(Manifest.Entry::path)
                .containsExactly("data/weights.bin", "kitchen.json", "model.onnx");
        assertThat(published.resolve("data/weights.bin")).hasContent("weights");

        try (StagedVersion again =
                registry.stage(DeployRequest.of("m", published).build())) {
            assertThat(again.registered()).map(VersionInfo::version).contains("1");
        }
    }

    @Test
    void sourcesThatAreNoModelsAreRefused() throws IOException {
        Registries.deploy(registry, "m", file("one"));
        Path empty = Files.createDirectories(directory.resolve("empty"));
        Path linked = Files.createDirectories(directory.resolve("linked"));
        Files.createSymbolicLink(linked.resolve("model.onnx"), file("secret"));
        Path named = Files.createDirectories(directory.resolve("named"));
        Files.writeString(named.resolve("manifest.json"), "{\"mine\": true}");

        for (Path source : List.of(empty, linked, named, root, directory, directory.resolve("none"))) {
            requireRefused(
                    Reason.INVALID,
                    () -> registry.stage(DeployRequest.of("m", source).build()));
        }
        assertThat(root.resolve(".staging")).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "../etc",
                "a/../b",
                "/abs",
                "model/",
                " ..",
                "",
                " ",
                "a\u0000b",
                "a\\b",
                "C:",
                "CON",
                "nul.onnx",
                "a.",
                ".a",
                "-a",
                "\u0430",
                "latest\n",
                "a b"
            })
    void namesThatAreNoneAreRefused(String name) throws IOException {
        Path file = file("one");

        requireRefused(
                Reason.INVALID,
                () -> registry.stage(DeployRequest.of(name, file).build()));
        requireRefused(
                Reason.INVALID,
                () -> registry.stage(DeployRequest.of("m", file).version(name).build()));
        assertThat(root).doesNotExist();
    }

    @Test
    void longNamesReservedNamesAndCaseClashesAreRefused() throws IOException {
        Path file = file("one");
        Registries.deploy(registry, "m".repeat(128), file);
        Registries.deploy(
                registry, DeployRequest.of("m", file).version("v".repeat(64)).build());

        requireRefused(
                Reason.INVALID,
                () -> registry.stage(DeployRequest.of("m".repeat(129), file).build()));
        requireRefused(
                Reason.INVALID,
                () -> registry.stage(
                        DeployRequest.of("m", file).version("v".repeat(65)).build()));
        requireRefused(
                Reason.INVALID,
                () -> registry.stage(
                        DeployRequest.of("m", file).version("latest").build()));
        requireRefused(
                Reason.CONFLICT,
                () -> registry.stage(DeployRequest.of("M", file).build()));
        requireRefused(
                Reason.INVALID,
                () -> registry.stage(
                        DeployRequest.of("m", file).metric("auc", Double.NaN).build()));
    }

    @Test
    void whatWasRejectedIsSeenAndItsNameIsFree() throws IOException {
        registry = Registries.withTwoVersions(root, directory);
        DeployRequest request = DeployRequest.of("m", file("bad")).version("3").build();
        try (StagedVersion staged = registry.stage(request)) {
            registry.reject(staged, request, "golden case 'a': is 1, expected 2");
        }

        assertThat(version("3").status()).isEqualTo(Status.REJECTED);
        assertThat(version("3").reason()).isEqualTo("golden case 'a': is 1, expected 2");
        assertThat(root.resolve("models/m/3")).doesNotExist();
        assertThat(model().currentVersion()).contains("1");
        requireRefused(Reason.CONFLICT, () -> registry.activate("m", "3", "activate"));
        requireRefused(Reason.CONFLICT, () -> registry.alias("m", "champion", "3"));

        Registries.deploy(
                registry, DeployRequest.of("m", file("good")).version("3").build());
        assertThat(version("3").status()).isEqualTo(Status.REGISTERED);
    }

    @Test
    void activatingKeepsWhatWasBefore() throws IOException {
        registry = Registries.withTwoVersions(root, directory);

        registry.activate("m", "2", "activate");
        assertThat(model().previousVersions()).containsExactly("1");
        long generation = registry.snapshot().generation();
        registry.activate("m", "2", "activate");
        assertThat(registry.snapshot().generation()).isEqualTo(generation);
        registry.activate("m", "1", "rollback");

        assertThat(model().currentVersion()).contains("1");
        assertThat(model().previousVersions()).isEmpty();
        assertThat(version("2").status()).isEqualTo(Status.REGISTERED);
        assertThat(registry.history("m"))
                .extracting(AuditEntry::operation)
                .containsExactly("deploy", "activate", "deploy", "activate", "rollback");
    }

    @Test
    void everyRollBackGoesFurther() throws IOException {
        for (int i = 1; i <= 4; i++) {
            Registries.deploy(
                    registry, DeployRequest.of("m", file("v" + i)).activate().build());
        }

        registry.activate("m", "3", "rollback");
        assertThat(model().previousVersions()).containsExactly("2", "1");
        registry.activate("m", "1", "rollback");
        assertThat(model().previousVersions()).isEmpty();
        registry.activate("m", "4", "activate");
        assertThat(model().previousVersions()).containsExactly("1");
    }

    @Test
    void previousVersionsAreBounded() throws IOException {
        for (int i = 1; i <= 13; i++) {
            Registries.deploy(
                    registry, DeployRequest.of("m", file("v" + i)).activate().build());
        }

        assertThat(model().previousVersions()).containsExactly("12", "11", "10", "9", "8", "7", "6", "5", "4", "3");
    }

    @Test
    void aWholeModelIsTakenOffTheListAndPutBack() throws IOException {
        registry = Registries.withTwoVersions(root, directory);

        registry.withdraw("m");
        assertThat(model().active()).isFalse();
        assertThat(RegistryDirectory.open(root)
                        .snapshot()
                        .model("m")
                        .orElseThrow()
                        .active())
                .isFalse();
        registry.offer("m");
        assertThat(model().active()).isTrue();
        registry.withdraw("m");
        registry.activate("m", "1", "activate");

        assertThat(model().active()).isTrue();
        assertThat(model().currentVersion()).contains("1");
        assertThat(model().previousVersions()).isEmpty();
    }

    @Test
    void aliasesPointAtVersions() throws IOException {
        registry = Registries.withTwoVersions(root, directory);

        registry.alias("m", "champion", "1");
        registry.alias("m", "champion", "2");
        assertThat(model().aliases()).isEqualTo(Map.of("champion", "2"));
        requireRefused(Reason.CONFLICT, () -> registry.alias("m", "2", "1"));
        requireRefused(Reason.INVALID, () -> registry.alias("m", "latest", "1"));
        requireRefused(Reason.IN_USE, () -> registry.retire("m", "2"));
        requireRefused(Reason.IN_USE, () -> registry.remove("m", "2"));
        requireRefused(
                Reason.CONFLICT,
                () -> registry.stage(
                        DeployRequest.of("m", file("x")).version("champion").build()));

        registry.removeAlias("m", "champion");
        assertThat(model().aliases()).isEmpty();
        assertThatThrownBy(() -> registry.removeAlias("m", "champion")).isInstanceOf(ModelNotFoundException.class);
    }

    @Test
    void aVersionThatIsNotUsedIsRetiredAndRemoved() throws IOException {
        registry = Registries.withTwoVersions(root, directory);
        registry.activate("m", "2", "activate");
        requireRefused(Reason.IN_USE, () -> registry.retire("m", "2"));
        requireRefused(Reason.IN_USE, () -> registry.remove("m", "2"));

        registry.retire("m", "1");
        assertThat(version("1").status()).isEqualTo(Status.RETIRED);
        requireRefused(Reason.CONFLICT, () -> registry.alias("m", "old", "1"));
        VersionInfo removed = version("1");
        registry.remove("m", "1");
        registry.deleteFiles(removed);

        assertThat(model().versions()).extracting(VersionInfo::version).containsExactly("2");
        assertThat(model().previousVersions()).isEmpty();
        assertThat(removed.path()).doesNotExist();
        assertThat(root.resolve(".staging")).isEmptyDirectory();
        assertThat(registry.verify(version("2"))).isEmpty();
    }

    @Test
    void filesAreDeletedOnlyWhereTheyAreSurelyTheVersionsOwn() throws IOException {
        registry = Registries.withTwoVersions(root, directory);
        Path outside = Files.writeString(directory.resolve("precious.onnx"), "precious");

        for (Path path : List.of(outside, root, root.resolve("models"), root.resolve("models/m"), directory)) {
            registry.deleteFiles(VersionInfo.builder("m", "9", path).build());
        }

        assertThat(outside).exists();
        assertThat(registry.verify(version("1"))).isEmpty();
        assertThat(registry.verify(version("2"))).isEmpty();
    }

    @Test
    void whoIsNotThereIsNamedWithWhoIs() throws IOException {
        registry = Registries.withTwoVersions(root, directory);

        assertThatThrownBy(() -> registry.activate("x", "1", "activate"))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessage("model 'x': is not registered, expected one of [m]");
        assertThatThrownBy(() -> registry.activate("m", "9", "activate"))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessage("model 'm', version '9': is not registered, expected one of [1, 2]");
        assertThatThrownBy(() -> registry.history("x")).isInstanceOf(ModelNotFoundException.class);
    }

    @Test
    void policiesAreKept() throws IOException {
        registry = Registries.withTwoVersions(root, directory);

        for (VersionPolicy policy : List.of(
                new VersionPolicy.Latest(3),
                new VersionPolicy.All(),
                new VersionPolicy.Specific(Set.of("1", "2")),
                VersionPolicy.DEFAULT)) {
            registry.policy("m", policy);
            assertThat(RegistryDirectory.open(root)
                            .snapshot()
                            .model("m")
                            .orElseThrow()
                            .policy())
                    .isEqualTo(policy);
        }
    }

    @Test
    void aFlippedBitIsFound() throws IOException {
        registry = Registries.withTwoVersions(root, directory);
        Path model;
        try (Stream<Path> files = Files.list(version("1").path())) {
            model = files.filter(it -> it.toString().endsWith(".onnx"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(model);
        bytes[1] ^= 0x10;
        Files.write(model, bytes);

        assertThat(registry.verify(version("1"))).singleElement().asString().contains(model + ": has SHA-256");
        assertThat(registry.verify(version("2"))).isEmpty();
    }

    @Test
    void everyOtherChangeOfAVersionsFilesIsFound() throws IOException {
        registry = Registries.withTwoVersions(root, directory);
        Path version = version("1").path();
        Path manifest = version.resolve("manifest.json");
        String original = Files.readString(manifest);

        Files.writeString(version.resolve("more.bin"), "more");
        assertThat(registry.verify(version("1"))).singleElement().asString().contains("is not in the manifest");
        Files.delete(version.resolve("more.bin"));
        Files.writeString(manifest, original + " ");
        assertThat(registry.verify(version("1"))).singleElement().asString().contains("manifest.json: has SHA-256");
        Files.writeString(manifest, original);
        assertThat(registry.verify(version("1"))).isEmpty();
        FileTree.delete(version);
        assertThat(registry.verify(version("1"))).singleElement().asString().contains("is missing");
    }

    @Test
    void aPathThatLeavesTheRegistryIsRefusedForThatVersionOnly() throws IOException {
        registry = Registries.withTwoVersions(root, directory);
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.createSymbolicLink(root.resolve("models/m/3"), outside);
        String json = Files.readString(root.resolve("registry.json"));
        Files.writeString(
                root.resolve("registry.json"),
                json.replace(
                        "\"versions\" : {",
                        "\"versions\" : {\"3\": {\"path\": \"models/m/3\"}, \"4\": {\"path\": \"../outside\"},"
                                + " \"5\": {\"path\": \"/etc\"}, \"6\": {\"path\": \".\"}, \"7\": {\"path\": \""
                                + root.resolve("models/m/1") + "\"},"));

        for (String name : List.of("3", "4", "5", "6")) {
            requireRefused(Reason.DAMAGED, () -> registry.artifact(version(name)));
            assertThat(registry.verify(version(name))).hasSize(1);
        }
        assertThat(registry.artifact(version("1"))).isDirectory();
        assertThat(registry.artifact(version("7"))).isEqualTo(root.resolve("models/m/1"));
    }

    @Test
    void plainFilesBecomeARegistryWhereTheyLie() throws IOException {
        Files.createDirectories(root.resolve("b/2"));
        Path single = Files.writeString(root.resolve("a.onnx"), "a");
        Path folder = root.resolve("b/2");
        Files.writeString(folder.resolve("model.onnx"), "b");
        List<VersionInfo> plain = List.of(
                VersionInfo.builder("a", "1", single).build(),
                VersionInfo.builder("b", "2", folder).build());

        registry.adopt(plain, Map.of("a", "1", "b", "2"));

        ModelInfo a = registry.refresh().model("a").orElseThrow();
        assertThat(a.currentVersion()).contains("1");
        assertThat(a.version("1").orElseThrow().path()).isEqualTo(single);
        assertThat(a.version("1").orElseThrow().sha256()).contains(Sha256.of(single));
        VersionInfo b =
                registry.snapshot().model("b").orElseThrow().version("2").orElseThrow();
        assertThat(registry.verify(b)).isEmpty();
        requireRefused(Reason.CONFLICT, () -> registry.adopt(plain, Map.of()));

        Files.writeString(single, "A");
        assertThat(registry.verify(a.version("1").orElseThrow())).hasSize(1);
        Files.writeString(folder.resolve("model.onnx"), "B");
        assertThat(registry.verify(b)).hasSize(1);
    }

    @Test
    void theSimpleFormIsReadAndGrowsWithoutLosingWhatIsNotKnown() throws IOException {
        Files.createDirectories(root.resolve("files"));
        Files.writeString(root.resolve("files/v1.onnx"), "1");
        Files.writeString(root.resolve("files/v2.onnx"), "2");
        Files.writeString(root.resolve("registry.json"), """
                {"m": {"current_version": "v1", "owner": {"team": ["risk"]}, "versions": {
                   "v1": {"path": "files/v1.onnx", "performance_metrics": {"auc": 0.90, "note": "good"},
                          "created_at": "2025-03-01T10:00:00.123456", "status": "active", "stage": 1.50},
                   "v2": {"path": "files/v2.onnx", "performance_metrics": null, "created_at": 1740823200,
                          "status": "Staging"}}},
                 "$comment": "by hand"}""");

        assertThat(model().currentVersion()).contains("v1");
        assertThat(version("v1").status()).isEqualTo(Status.ACTIVE);
        assertThat(version("v1").metrics()).isEqualTo(Map.of("auc", 0.90));
        assertThat(version("v1").createdAt()).contains(Instant.parse("2025-03-01T10:00:00.123456Z"));
        assertThat(version("v2").status()).isEqualTo(Status.REGISTERED);
        assertThat(version("v2").createdAt()).contains(Instant.parse("2025-03-01T10:00:00Z"));
        assertThat(registry.artifact(version("v2"))).hasContent("2");

        registry.activate("m", "v2", "activate");

        assertThat(Files.readString(root.resolve("registry.json")))
                .contains("\"$schema\" : 2", "\"$generation\" : 1", "\"$comment\" : \"by hand\"")
                .contains("\"team\" : [ \"risk\" ]", "\"stage\" : 1.50", "\"auc\" : 0.90", "\"note\" : \"good\"");
        assertThat(model().currentVersion()).contains("v2");
        assertThat(version("v1").status()).isEqualTo(Status.REGISTERED);
    }

    @Test
    void versionsStandInTheOrderOfTheirAge() throws IOException {
        assertThat(order("10", "9", "1")).containsExactly("1", "9", "10");
        assertThat(order("v1.10.0", "v1.9.0", "1.9.0-rc.2", "1.9.0-rc.10", "2"))
                .containsExactly("1.9.0-rc.2", "1.9.0-rc.10", "v1.9.0", "v1.10.0", "2");
        assertThat(order("blue", "green", "7")).containsExactly("blue", "green", "7");
    }

    private static List<String> order(String... names) {
        List<VersionInfo> versions = new ArrayList<>();
        for (String name : names) {
            versions.add(VersionInfo.builder("m", name, Path.of(name))
                    .createdAt(Instant.ofEpochSecond(versions.size()))
                    .build());
        }
        return VersionOrder.oldestFirst(versions).stream()
                .map(VersionInfo::version)
                .toList();
    }

    @Test
    void aClockThatGoesBackwardsHarmsNothing() throws IOException {
        registry = Registries.withTwoVersions(root, directory);
        Clock longAgo = Clock.fixed(Instant.parse("2001-01-01T00:00:00Z"), ZoneOffset.UTC);
        RegistryDirectory behind = RegistryDirectory.open(
                root, FileControlStore.in(root, Duration.ofSeconds(10), longAgo, step -> {}), longAgo);

        behind.activate("m", "2", "activate");
        Registries.deploy(
                behind, DeployRequest.of("m", file("three")).activate().build());

        assertThat(registry.refresh().generation()).isEqualTo(4);
        assertThat(model().currentVersion()).contains("3");
        assertThat(model().previousVersions()).containsExactly("2", "1");
        assertThat(model().versions()).extracting(VersionInfo::version).containsExactly("1", "2", "3");
    }

    @Test
    void whatDeadProcessesLeftIsTidiedUp() throws IOException {
        registry = Registries.withTwoVersions(root, directory);
        Path temporary = Files.writeString(root.resolve("registry.json.9.1.abc.tmp"), "{");
        Path staged = Files.createDirectories(root.resolve(".staging/dead"));
        Files.writeString(staged.resolve("model.onnx"), "x");
        Clock tomorrow = Clock.offset(Clock.systemUTC(), Duration.ofDays(1));
        RegistryDirectory later = RegistryDirectory.open(
                root, FileControlStore.in(root, Duration.ofSeconds(10), tomorrow, step -> {}), tomorrow);

        registry.activate("m", "2", "activate");
        assertThat(temporary).exists();
        assertThat(staged).exists();
        Registries.deploy(later, "m", file("three"));

        assertThat(temporary).doesNotExist();
        assertThat(staged).doesNotExist();
    }

    @Test
    void theAuditLogSurvivesHalfALine() throws IOException {
        registry = Registries.withTwoVersions(root, directory);
        Path log = root.resolve("audit.jsonl");
        Files.writeString(log, Files.readString(log) + "{\"at\":\"20");

        registry.activate("m", "2", "activate");

        List<AuditEntry> entries = registry.history("m");
        assertThat(entries).hasSize(4);
        AuditEntry last = entries.get(3);
        assertThat(last.operation()).isEqualTo("activate");
        assertThat(last.from()).contains("1");
        assertThat(last.to()).contains("2");
        assertThat(last.generation()).isEqualTo(3);
        assertThat(last.actor()).contains("pid " + ProcessHandle.current().pid());
    }

    @Test
    void theStoreMayBeElsewhere() throws IOException {
        Path elsewhere = directory.resolve("elsewhere");
        RegistryDirectory split = RegistryDirectory.open(root, FileControlStore.in(elsewhere));

        Registries.deploy(split, "m", file("one"));

        assertThat(RegistryDirectory.isRegistry(root)).isFalse();
        assertThat(RegistryDirectory.isRegistry(elsewhere)).isTrue();
        assertThat(root.resolve("models/m/1")).isDirectory();
    }

    @Test
    void writesNoDocumentThatNobodyCouldRead() throws IOException {
        Registries.deploy(
                registry, DeployRequest.of("m", file("one")).version("1").build());
        byte[] before = Files.readAllBytes(root.resolve("registry.json"));
        DeployRequest large = DeployRequest.of("m", file("two"))
                .version("2")
                .tag("note", "x".repeat(51_000_000))
                .build();

        requireRefused(Reason.INVALID, () -> Registries.deploy(registry, large));

        assertThat(root.resolve("registry.json")).hasBinaryContent(before);
        assertThat(RegistryDirectory.open(root).snapshot().model("m")).isPresent();
    }

    @Test
    void aPolicyNamesVersions() throws IOException {
        Registries.deploy(
                registry, DeployRequest.of("m", file("one")).version("1").build());

        requireRefused(
                Reason.INVALID, () -> registry.policy("m", new VersionPolicy.Specific(Set.of("1", "two\nlines"))));
    }
}
