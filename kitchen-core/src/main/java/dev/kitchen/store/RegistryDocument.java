package dev.kitchen.store;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.json.JsonTree;
import dev.kitchen.spi.ControlDocument;
import dev.kitchen.spi.ControlStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The document as models: what was good last, and how it is changed. Safe for use by many threads. */
final class RegistryDocument {

    private final ControlStore store;
    private final LockedStore locked;
    private final DocumentFile file;
    private final DocumentReader reader;
    private final ParsedDocuments parsed;
    private final AuditLog audit;
    private final Clock clock;
    private final Object lock = new Object();
    private @Nullable Loaded loaded;

    /** A document that was understood, and the stamp that the store had before it was read. */
    private record Loaded(Object stamp, ControlDocument document, RegistrySnapshot snapshot) {}

    RegistryDocument(Path root, ControlStore store, AuditLog audit, Clock clock) {
        this.store = store;
        this.locked = new LockedStore(root, store);
        this.file = new DocumentFile(root);
        this.reader = new DocumentReader(root);
        this.parsed = store instanceof FileControlStore files ? files.parsed() : new ParsedDocuments();
        this.audit = audit;
        this.clock = clock;
    }

    private @Nullable Loaded loaded() {
        synchronized (lock) {
            return loaded;
        }
    }

    RegistrySnapshot snapshot() {
        Loaded last = loaded();
        return last == null ? refresh() : last.snapshot();
    }

    RegistrySnapshot refresh() {
        Object stamp = store.stamp();
        Loaded last = loaded();
        if (last != null && last.stamp().equals(stamp)) {
            return last.snapshot();
        }
        ControlDocument document = store.read();
        requireNotOlder(document, generation(last));
        return install(stamp, document);
    }

    /** What another thread installed meanwhile stays if it is newer. */
    private RegistrySnapshot install(Object stamp, ControlDocument document) {
        JsonTree tree = parse(document);
        RegistrySnapshot snapshot = snapshot(document.generation(), tree);
        synchronized (lock) {
            Loaded last = loaded;
            if (last != null && last.document().generation() > document.generation()) {
                return last.snapshot();
            }
            loaded = new Loaded(stamp, document, snapshot);
            return snapshot;
        }
    }

    private RegistrySnapshot snapshot(long generation, JsonTree tree) {
        try {
            return new RegistrySnapshot(generation, reader.read(store.place(), tree));
        } catch (InvalidRequestException e) {
            throw damaged(e);
        }
    }

    private JsonTree parse(ControlDocument document) {
        Optional<JsonTree> known = parsed.find(document.json());
        if (known.isPresent()) {
            return known.get();
        }
        try {
            byte[] json = document.json().getBytes(StandardCharsets.UTF_8);
            JsonTree tree = JsonTree.parse(store.place(), json, DocumentFile.MAX_BYTES);
            parsed.add(document.json(), tree);
            return tree;
        } catch (InvalidRequestException e) {
            throw damaged(e);
        }
    }

    private RegistryException damaged(InvalidRequestException cause) {
        return store instanceof FileControlStore
                ? file.damaged(cause)
                : new RegistryException(Reason.DAMAGED, String.valueOf(cause.getMessage()), cause);
    }

    private static long generation(@Nullable Loaded last) {
        return last == null ? 0 : last.document().generation();
    }

    /** Somebody put an old document back, or deleted it: what serves stays until a person says so. */
    private void requireNotOlder(ControlDocument document, long known) {
        if (document.generation() < known) {
            throw new RegistryException(
                    Reason.DAMAGED,
                    store.place() + ": generation is " + document.generation() + " after " + known + ", expected "
                            + known
                            + " or more; to go back to this document, raise its '" + DocumentFile.GENERATION
                            + "' above " + known + ", or start anew");
        }
    }

    /**
     * Changes the document, and writes down what was done.
     *
     * @param decision gets the models as they are, under the store's lock if it has one, and throws to refuse
     */
    RegistrySnapshot change(Function<RegistrySnapshot, Change> decision) {
        Attempt attempt = new Attempt(decision, generation(loaded()));
        return installWritten(locked.update(attempt::next, attempt::writeDown));
    }

    /** As {@link #change}, for a decision that also moves files of the registry: nobody else does so meanwhile. */
    RegistrySnapshot changeWithFiles(Function<RegistrySnapshot, Change> decision) {
        Attempt attempt = new Attempt(decision, generation(loaded()));
        return installWritten(locked.updateWithFiles(attempt::next, attempt::writeDown));
    }

    /** Moves files of the registry and changes nothing else. */
    void withFiles(Consumer<RegistrySnapshot> work) {
        changeWithFiles(now -> {
            work.accept(now);
            return Change.NONE;
        });
    }

    /** No stamp is like this one, so that the next refresh looks at the store again. */
    private RegistrySnapshot installWritten(ControlDocument document) {
        return install(new Object(), document);
    }

    /** One change on its way; the store may ask for it more than once. */
    private final class Attempt {

        private final Function<RegistrySnapshot, Change> decision;
        private final long known;
        private List<Deed> deeds = List.of();

        Attempt(Function<RegistrySnapshot, Change> decision, long known) {
            this.decision = decision;
            this.known = known;
        }

        ControlDocument next(ControlDocument current) {
            requireNotOlder(current, known);
            JsonTree tree = parse(current);
            RegistrySnapshot now = snapshot(current.generation(), tree);
            requireKnownSchema(tree);
            Change change = decision.apply(now);
            JsonTree edited = change.edit().apply(tree);
            if (edited.equals(tree)) {
                deeds = List.of();
                return current;
            }
            deeds = change.deeds();
            JsonTree next = edited.with(RegistryFormat.SCHEMA, JsonTree.number(RegistryFormat.SCHEMA_VERSION));
            snapshot(current.generation() + 1, next);
            String json = next.toLines();
            requireReadable(json);
            ControlDocument changed = new ControlDocument(current.generation() + 1, json);
            parsed.add(changed.json(), next);
            return changed;
        }

        void writeDown(ControlDocument written) {
            String actor = Writer.ofThisProcess().toString();
            audit.append(deeds.stream()
                    .map(it -> it.at(clock.instant(), written.generation(), actor))
                    .toList());
        }
    }

    /** A document that is larger than what is read could be neither used nor changed back. */
    private void requireReadable(String json) {
        // No character takes more than three bytes.
        if (json.length() > DocumentFile.MAX_BYTES / 3) {
            int bytes = json.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > DocumentFile.MAX_BYTES) {
                throw new RegistryException(
                        Reason.INVALID,
                        store.place() + ": would have " + bytes + " bytes, expected at most " + DocumentFile.MAX_BYTES
                                + "; nothing is changed");
            }
        }
    }

    private void requireKnownSchema(JsonTree tree) {
        long schema = tree.member(RegistryFormat.SCHEMA).map(this::schema).orElse(RegistryFormat.SCHEMA_VERSION);
        if (schema > RegistryFormat.SCHEMA_VERSION) {
            throw new RegistryException(
                    Reason.UNWRITABLE,
                    store.place() + ": '" + RegistryFormat.SCHEMA + "' is " + schema + ", expected at most "
                            + RegistryFormat.SCHEMA_VERSION
                            + "; a newer Kitchen wrote it, this one reads it and changes nothing");
        }
    }

    private long schema(JsonTree member) {
        try {
            return member.integer(store.place() + ": '" + RegistryFormat.SCHEMA + "'");
        } catch (InvalidRequestException e) {
            throw damaged(e);
        }
    }
}
