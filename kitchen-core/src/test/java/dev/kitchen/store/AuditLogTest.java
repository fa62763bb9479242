package dev.kitchen.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.registry.AuditEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {

    private static final int MAX_BYTES = 2_000;

    @TempDir
    Path root;

    private static AuditEntry entry(long generation) {
        return new AuditEntry(
                Instant.EPOCH, generation, "cook", "m", "activate", Optional.empty(), Optional.of("1"), "");
    }

    private static List<Long> generations(AuditLog log) {
        return log.entries("m").stream().map(AuditEntry::generation).toList();
    }

    @Test
    void keepsTheNewestEntriesInTwoFilesAndNoMore() throws IOException {
        AuditLog log = new AuditLog(root, MAX_BYTES);

        IntStream.rangeClosed(1, 200).forEach(it -> log.append(List.of(entry(it))));

        List<Long> kept = generations(log);
        assertThat(kept).isEqualTo(rangeTo200From(kept.get(0)));
        assertThat(kept).hasSizeBetween(20, 60);
        assertThat(root.toFile().list()).containsExactlyInAnyOrder("audit.jsonl", "audit.1.jsonl");
        assertThat(Files.size(root.resolve("audit.jsonl"))).isLessThan(MAX_BYTES + 200);
        assertThat(Files.size(root.resolve("audit.1.jsonl"))).isLessThan(MAX_BYTES + 200);
    }

    private static List<Long> rangeTo200From(long first) {
        return IntStream.rangeClosed((int) first, 200).mapToObj(Long::valueOf).toList();
    }

    @Test
    void losesNothingThatIsNewAtTheChangeOfFiles() {
        AuditLog log = new AuditLog(root, MAX_BYTES);
        List<Long> written = new ArrayList<>();

        for (long generation = 1; Files.notExists(root.resolve("audit.1.jsonl")); generation++) {
            log.append(List.of(entry(generation)));
            written.add(generation);
        }

        assertThat(generations(log)).isEqualTo(written);
    }

    @Test
    void aChangeIsInTheLogBeforeTheLockIsGivenBack() throws IOException {
        List<Integer> seen = new ArrayList<>();
        AuditLog reader = new AuditLog(root);
        FileControlStore store = FileControlStore.in(root, Duration.ofSeconds(10), Clock.systemUTC(), step -> {
            if (step == WriteStep.TOLD) {
                seen.add(reader.entries("m").size());
            }
        });

        RegistryDirectory registry = RegistryDirectory.open(root, store);
        Registries.deploy(registry, "m", Registries.model(root.resolve("sources"), "one"));

        assertThat(seen).containsExactly(2);
    }

    @Test
    void aLogThatCannotBeWrittenFailsNoOperation() throws IOException {
        Files.createDirectories(root.resolve("audit.jsonl/in the way"));
        RegistryDirectory registry = RegistryDirectory.open(root);

        Registries.deploy(registry, "m", Registries.model(root.resolve("sources"), "one"));

        assertThat(Registries.current(registry.refresh())).isEqualTo("1");
        assertThat(registry.history("m")).isEmpty();
    }

    @Test
    void anEntryIsReadAsItWasWritten() {
        AuditLog log = new AuditLog(root);
        AuditEntry full = new AuditEntry(
                Instant.ofEpochSecond(5), 7, "cook", "m", "rollback", Optional.of("2"), Optional.of("1"), "too slow");
        AuditEntry other =
                new AuditEntry(Instant.EPOCH, 8, "cook", "other", "retire", Optional.empty(), Optional.empty(), "");

        log.append(List.of(full, other));
        log.append(List.of());

        assertThat(log.entries("m")).containsExactly(full);
        assertThat(log.entries("other")).containsExactly(other);
    }

    @Test
    void linesThatAreNoEntriesArePassedOver() throws IOException {
        AuditLog log = new AuditLog(root);
        log.append(List.of(entry(1)));
        Files.writeString(
                root.resolve("audit.jsonl"),
                "no json\n{\"model\": \"m\"}\n{\"at\": \"1970-01-01T00:00:00Z\", \"model\": \"m\"}\n",
                StandardOpenOption.APPEND);
        log.append(List.of(entry(2)));

        assertThat(generations(log)).containsExactly(1L, 0L, 2L);
    }
}
