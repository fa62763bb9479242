package dev.kitchen.store;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.json.JsonTree;
import dev.kitchen.spi.ControlDocument;
import dev.kitchen.spi.ControlStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control document as the file {@code registry.json} of a directory on a local disk. Its members {@code $generation}
 * and {@code $writer} belong to this class. Readers take no lock and change nothing.
 */
public final class FileControlStore implements ControlStore {

    private static final Logger LOG = LoggerFactory.getLogger(FileControlStore.class);

    private static final Duration LOCK_TIME_LIMIT = Duration.ofSeconds(10);
    private static final Pattern NETWORK = Pattern.compile("(nfs|cifs|smb|fuse\\.sshfs|9p|afs).*");

    private final Path root;
    private final DocumentFile document;
    private final Duration lockTimeLimit;
    private final Clock clock;
    private final Consumer<WriteStep> steps;
    private final ParsedDocuments parsed = new ParsedDocuments();
    private final AtomicBoolean fileSystemChecked = new AtomicBoolean();

    private FileControlStore(Path root, Duration lockTimeLimit, Clock clock, Consumer<WriteStep> steps) {
        this.root = root.toAbsolutePath().normalize();
        this.document = new DocumentFile(this.root);
        this.lockTimeLimit = lockTimeLimit;
        this.clock = clock;
        this.steps = steps;
    }

    /** The store in that directory, which is made at the first write if it is not there. */
    public static FileControlStore in(Path root) {
        return in(root, LOCK_TIME_LIMIT, Clock.systemUTC(), step -> {});
    }

    static FileControlStore in(Path root, Duration lockTimeLimit, Clock clock, Consumer<WriteStep> steps) {
        return new FileControlStore(root, lockTimeLimit, clock, steps);
    }

    @Override
    public ControlDocument read() {
        return document.bytes().map(this::document).orElse(ControlDocument.EMPTY);
    }

    private ControlDocument document(byte[] bytes) {
        String json = new String(bytes, StandardCharsets.UTF_8);
        Optional<JsonTree> known = parsed.find(json);
        JsonTree tree = known.orElseGet(() -> document.parse(bytes));
        if (known.isEmpty()) {
            parsed.add(json, tree);
        }
        return new ControlDocument(DocumentFile.generation(document.path(), tree), json);
    }

    @Override
    public Object stamp() {
        try {
            return DocumentStamp.of(document.path());
        } catch (IOException e) {
            throw new RegistryException(Reason.DAMAGED, document.path() + ": cannot be looked at: " + e, e);
        }
    }

    @Override
    public ControlDocument update(UnaryOperator<ControlDocument> change) {
        return update(change, written -> {});
    }

    /** Changes the document, and does something more while it still has the lock: also where nothing was changed. */
    ControlDocument update(UnaryOperator<ControlDocument> change, Consumer<ControlDocument> then) {
        return locked(() -> updateLocked(change), then);
    }

    /** Writes a document over one that may be damaged, with the generation that it says; the backup stays as it is. */
    ControlDocument overwrite(Work next, Consumer<ControlDocument> then) {
        return locked(
                () -> {
                    ControlDocument document = next.done();
                    return write(new byte[0], document.json(), document.generation());
                },
                then);
    }

    /** What is done under the lock. */
    interface Work {
        ControlDocument done() throws IOException;
    }

    private ControlDocument locked(Work work, Consumer<ControlDocument> then) {
        try {
            Files.createDirectories(root);
            warnOfNetwork();
            RegistryLock lock = RegistryLock.acquire(root, lockTimeLimit, document::lastWriter);
            try {
                ControlDocument written = work.done();
                then.accept(written);
                steps.accept(WriteStep.TOLD);
                return written;
            } finally {
                lock.close();
            }
        } catch (IOException e) {
            throw new RegistryException(
                    Reason.UNWRITABLE, document.path() + ": cannot be written: " + e + "; nothing was changed", e);
        }
    }

    private ControlDocument updateLocked(UnaryOperator<ControlDocument> change) throws IOException {
        steps.accept(WriteStep.LOCKED);
        byte[] old = document.bytes().orElse(new byte[0]);
        ControlDocument current = old.length == 0 ? read() : document(old);
        steps.accept(WriteStep.READ);
        ControlDocument next = change.apply(current);
        // Identity is the contract: the very same document means that there is nothing to write.
        if (sameObject(next, current)) {
            return current;
        }
        return write(old, next.json(), current.generation() + 1);
    }

    private ControlDocument write(byte[] old, String json, long generation) throws IOException {
        ControlDocument written = numbered(json, generation);
        steps.accept(WriteStep.CHANGED);
        new DocumentWrite(root, document, steps, clock).replace(old, written);
        return written;
    }

    @SuppressWarnings("ReferenceEquality") // the contract speaks of the very same object
    private static boolean sameObject(Object one, Object other) {
        return one == other;
    }

    /** The document with what this store keeps in it in front. */
    private ControlDocument numbered(String json, long generation) {
        Map<String, JsonTree> content = content(json);
        Map<String, JsonTree> numbered = new LinkedHashMap<>();
        content.forEach((name, member) -> {
            if (name.equals(RegistryFormat.SCHEMA)) {
                numbered.put(name, member);
            }
        });
        numbered.put(DocumentFile.GENERATION, JsonTree.number(generation));
        numbered.put(DocumentFile.WRITER, writer());
        content.forEach(numbered::putIfAbsent);
        JsonTree tree = JsonTree.object(numbered);
        ControlDocument next = new ControlDocument(generation, tree.toLines());
        parsed.add(next.json(), tree);
        return next;
    }

    private Map<String, JsonTree> content(String json) {
        try {
            return parsed.find(json)
                    .orElseGet(() -> JsonTree.parse(
                            "the next document", json.getBytes(StandardCharsets.UTF_8), DocumentFile.MAX_BYTES))
                    .members("the next document");
        } catch (InvalidRequestException e) {
            throw new RegistryException(Reason.INVALID, document.path() + ": " + e.getMessage(), e);
        }
    }

    private JsonTree writer() {
        Writer writer = Writer.ofThisProcess();
        return JsonTree.object()
                .with("host", JsonTree.text(writer.host()))
                .with("pid", JsonTree.number(writer.pid()))
                .with("at", JsonTree.text(clock.instant().toString()));
    }

    /** Locks on files of a network are a promise that not every server keeps. */
    private void warnOfNetwork() throws IOException {
        if (fileSystemChecked.compareAndSet(false, true)) {
            String type = Files.getFileStore(root).type();
            if (NETWORK.matcher(type.toLowerCase(Locale.ROOT)).matches()) {
                LOG.warn(
                        "{}: is on a network file system ({}), whose locks may keep nobody out, expected a local disk",
                        root,
                        type);
            }
        }
    }

    /** The documents that were read or written last. */
    ParsedDocuments parsed() {
        return parsed;
    }

    @Override
    public String place() {
        return document.path().toString();
    }

    @Override
    public void close() {}
}
