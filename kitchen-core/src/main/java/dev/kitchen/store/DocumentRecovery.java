package dev.kitchen.store;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.json.JsonTree;
import dev.kitchen.registry.AuditEntry;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.spi.ControlDocument;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The way back from a damaged {@code registry.json}, to the generation before it. */
public final class DocumentRecovery {

    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** Found also where the rest is cut off or garbage; a larger number is no count of changes. */
    private static final Pattern GENERATION =
            Pattern.compile('"' + Pattern.quote(DocumentFile.GENERATION) + "\"\\s*:\\s*([0-9]{1,15})\\b");

    private static final int BEGINNING = 4096;

    private final Path root;
    private final Path document;
    private final Path backup;
    private final FileControlStore store;
    private final Clock clock;

    DocumentRecovery(Path root, FileControlStore store, Clock clock) {
        this.root = root.toAbsolutePath().normalize();
        this.document = this.root.resolve(DocumentFile.NAME);
        this.backup = this.root.resolve(DocumentFile.BACKUP_NAME);
        this.store = store;
        this.clock = clock;
    }

    /** Of the registry in that directory. */
    public static DocumentRecovery in(Path root) {
        return new DocumentRecovery(root, FileControlStore.in(root), Clock.systemUTC());
    }

    /** A file that is what it should be. */
    private record Sound(JsonTree tree, long generation, Collection<ModelInfo> models) {}

    private Sound sound(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            JsonTree tree =
                    JsonTree.parse(file.toString(), in.readNBytes(DocumentFile.MAX_BYTES + 1), DocumentFile.MAX_BYTES);
            Collection<ModelInfo> models =
                    new DocumentReader(root).read(file.toString(), tree).values();
            return new Sound(tree, DocumentFile.generation(file, tree), models);
        } catch (NoSuchFileException e) {
            throw new RegistryException(Reason.DAMAGED, file + ": is missing, expected the document", e);
        } catch (IOException e) {
            throw new RegistryException(Reason.DAMAGED, file + ": cannot be read: " + e, e);
        } catch (InvalidRequestException e) {
            throw new RegistryException(Reason.DAMAGED, String.valueOf(e.getMessage()), e);
        }
    }

    /** What is wrong with the document, in words; empty if nothing is. */
    public Optional<String> problem() {
        return problem(document);
    }

    /** What is wrong with its backup, in words; empty if nothing is. */
    public Optional<String> problemOfBackup() {
        return problem(backup);
    }

    private Optional<String> problem(Path file) {
        try {
            sound(file);
            return Optional.empty();
        } catch (RegistryException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** What the document says of itself, as far as it can be read. */
    public OptionalLong generation() {
        return generation(document);
    }

    /** What its backup says of itself, as far as it can be read. */
    public OptionalLong generationOfBackup() {
        return generation(backup);
    }

    private static OptionalLong generation(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            Matcher found = GENERATION.matcher(new String(in.readNBytes(BEGINNING), StandardCharsets.ISO_8859_1));
            return found.find() ? OptionalLong.of(Long.parseLong(found.group(1))) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * Puts the backup in the document's place, with a generation that no process has seen yet, so that all go by it. The
     * damaged document is kept beside it, and the backup stays what it is.
     *
     * @return where the damaged document is now; empty if it was missing
     * @throws RegistryException {@code CONFLICT} if the document is not damaged, {@code DAMAGED} if its backup is, too
     */
    public Optional<Path> restore() {
        Restoring restoring = new Restoring();
        store.overwrite(restoring::next, restoring::writeDown);
        return Optional.ofNullable(restoring.kept);
    }

    /** One restoration, under the lock. */
    private final class Restoring {

        private @Nullable Path kept;
        private @Nullable Sound restored;

        ControlDocument next() throws IOException {
            if (problem().isEmpty()) {
                throw new RegistryException(
                        Reason.CONFLICT,
                        document + ": is not damaged, generation "
                                + sound(document).generation() + ", expected a document to recover");
            }
            Sound found = sound(backup);
            restored = found;
            kept = Files.exists(document) ? keep() : null;
            // The damaged one was the next after its backup, and may be what others go by.
            long last = Math.max(found.generation() + 1, generation().orElse(0));
            return new ControlDocument(last + 1, found.tree().toLines());
        }

        private Path keep() throws IOException {
            Path copy = root.resolve(DocumentFile.NAME + ".damaged-" + MOMENT.format(clock.instant()));
            Durably.copy(document, copy);
            return copy;
        }

        void writeDown(ControlDocument written) {
            Sound found = restored;
            if (found != null) {
                String reason = "the document was damaged; its backup, generation " + found.generation()
                        + ", is generation " + written.generation() + " now";
                new AuditLog(root)
                        .append(found.models().stream()
                                .map(it -> entry(it, written, reason))
                                .toList());
            }
        }

        private AuditEntry entry(ModelInfo model, ControlDocument written, String reason) {
            return new Deed(model.name(), "recover", Optional.empty(), model.currentVersion(), reason)
                    .at(
                            clock.instant(),
                            written.generation(),
                            Writer.ofThisProcess().toString());
        }
    }
}
