package dev.kitchen.store;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.json.JsonTree;
import dev.kitchen.registry.AuditEntry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was done to the models, one JSON object a line, for people. The document does not depend on it: a line that
 * cannot be written is missing, one that cannot be read is passed over.
 */
final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    private static final String FILE_NAME = "audit.jsonl";
    private static final String OLDER_FILE_NAME = "audit.1.jsonl";
    private static final long MAX_BYTES = 16 << 20;
    private static final int MAX_LINE_BYTES = 1_000_000;
    private static final int READINGS = 3;

    private final Path file;
    private final Path older;
    private final long maxBytes;

    AuditLog(Path root) {
        this(root, MAX_BYTES);
    }

    /** With two files that have not many more bytes than that, each. */
    AuditLog(Path root, long maxBytes) {
        this.file = root.resolve(FILE_NAME);
        this.older = root.resolve(OLDER_FILE_NAME);
        this.maxBytes = maxBytes;
    }

    /** Appends the entries in one piece. Whoever calls has the registry's lock. */
    void append(List<AuditEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        String lines = entries.stream().map(it -> line(it) + "\n").collect(Collectors.joining());
        try {
            makeRoom();
            Durably.uninterrupted(() -> {
                String start = endsInTheMiddle() ? "\n" : "";
                byte[] bytes = (start + lines).getBytes(StandardCharsets.UTF_8);
                Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            });
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: cannot be written: {}; missing is {}", file, e, lines);
        }
    }

    private void makeRoom() throws IOException {
        if (Files.exists(file) && Files.size(file) > maxBytes) {
            Durably.move(file, older);
        }
    }

    /** A process that died while it wrote left half a line, and so did an interrupt. */
    private boolean endsInTheMiddle() throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return channel.size() > 0 && channel.read(last, channel.size() - 1) == 1 && last.get(0) != '\n';
        }
    }

    private static String line(AuditEntry entry) {
        JsonTree line = JsonTree.object()
                .with("at", JsonTree.text(entry.at().toString()))
                .with("generation", JsonTree.number(entry.generation()))
                .with("actor", JsonTree.text(entry.actor()))
                .with("model", JsonTree.text(entry.model()))
                .with("operation", JsonTree.text(entry.operation()));
        if (entry.from().isPresent()) {
            line = line.with("from", JsonTree.text(entry.from().get()));
        }
        if (entry.to().isPresent()) {
            line = line.with("to", JsonTree.text(entry.to().get()));
        }
        return line.with("reason", JsonTree.text(entry.reason())).toLine();
    }

    /** All entries of a model, oldest first. */
    List<AuditEntry> entries(String model) {
        List<AuditEntry> entries = new ArrayList<>();
        for (int reading = 0; reading < READINGS; reading++) {
            Object before = stamp();
            entries.clear();
            read(older, model, entries);
            read(file, model, entries);
            if (before.equals(stamp())) {
                break;
            }
        }
        return entries;
    }

    /** Another one once the files were exchanged: what moved between two readings would be missed or be there twice. */
    private Object stamp() {
        try {
            return DocumentStamp.of(older);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void read(Path log, String model, List<AuditEntry> entries) {
        if (Files.notExists(log)) {
            return;
        }
        try (BufferedReader lines = Files.newBufferedReader(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                entry(line).filter(it -> it.model().equals(model)).ifPresent(entries::add);
            }
        } catch (CharacterCodingException e) {
            LOG.warn("{}: is damaged after {} entries of '{}': {}", log, entries.size(), model, e.toString());
        } catch (IOException e) {
            LOG.warn("{}: cannot be read: {}", log, e.toString());
        }
    }

    private Optional<AuditEntry> entry(String line) {
        String place = file.toString();
        try {
            JsonTree tree = JsonTree.parse(place, line.getBytes(StandardCharsets.UTF_8), MAX_LINE_BYTES);
            Optional<Instant> at = tree.member("at").flatMap(RegistryFormat::moment);
            return at.map(it -> new AuditEntry(
                    it,
                    tree.member("generation")
                            .map(number -> number.integer(place))
                            .orElse(0L),
                    text(tree, "actor").orElse(""),
                    text(tree, "model").orElse(""),
                    text(tree, "operation").orElse(""),
                    text(tree, "from"),
                    text(tree, "to"),
                    text(tree, "reason").orElse("")));
        } catch (InvalidRequestException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(JsonTree tree, String name) {
        return tree.member(name).flatMap(JsonTree::asText);
    }
}
