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
    private static final int MAX_LINE_BYTES = 1_000_000;

    private final Path file;

    AuditLog(Path root) {
        this.file = root.resolve(FILE_NAME);
    }

    /** Appends the entries in one piece, so that those of other processes do not come in between. */
    void append(List<AuditEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        String lines = entries.stream().map(it -> line(it) + "\n").collect(Collectors.joining());
        try {
            String start = endsInTheMiddle() ? "\n" : "";
            byte[] bytes = (start + lines).getBytes(StandardCharsets.UTF_8);
            Durably.uninterrupted(() -> Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            LOG.warn("{}: cannot be written: {}; missing is {}", file, e, lines);
        }
    }

    /** A process that died while it wrote left half a line. */
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
        if (Files.exists(file)) {
            try (BufferedReader lines = Files.newBufferedReader(file)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    entry(line).filter(it -> it.model().equals(model)).ifPresent(entries::add);
                }
            } catch (CharacterCodingException e) {
                LOG.warn("{}: is damaged after {} entries of '{}': {}", file, entries.size(), model, e.toString());
            } catch (IOException e) {
                LOG.warn("{}: cannot be read: {}", file, e.toString());
            }
        }
        return entries;
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
