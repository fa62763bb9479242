package dev.kitchen.store;

import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.spi.ControlDocument;
import dev.kitchen.spi.ControlStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The document's store, and the lock under which files beside it are changed. A store of files has that lock for each
 * change of the document, too; others do not know of it, and do not wait for it where only the document is changed.
 */
final class LockedStore {

    private static final Logger LOG = LoggerFactory.getLogger(LockedStore.class);

    private static final Duration LOCK_TIME_LIMIT = Duration.ofSeconds(10);

    private final Path root;
    private final ControlStore store;

    LockedStore(Path root, ControlStore store) {
        this.root = root;
        this.store = store;
    }

    /**
     * Changes the document.
     *
     * @param then what is written down of it before the next one changes something; never fails the change
     */
    ControlDocument update(UnaryOperator<ControlDocument> change, Consumer<ControlDocument> then) {
        if (store instanceof FileControlStore files) {
            return files.update(change, then);
        }
        ControlDocument written = store.update(change);
        try {
            locked(() -> {
                then.accept(written);
                return written;
            });
        } catch (IOException | RegistryException e) {
            LOG.warn("{}: generation {} is not in the audit log: {}", root, written.generation(), e.toString());
        }
        return written;
    }

    /** As {@link #update}, for a change that also moves files; nobody else does so meanwhile. */
    ControlDocument updateWithFiles(UnaryOperator<ControlDocument> change, Consumer<ControlDocument> then) {
        if (store instanceof FileControlStore files) {
            return files.update(change, then);
        }
        try {
            return locked(() -> {
                ControlDocument written = store.update(change);
                then.accept(written);
                return written;
            });
        } catch (IOException e) {
            throw new RegistryException(
                    Reason.UNWRITABLE, root + ": cannot be locked: " + e + "; nothing was changed", e);
        }
    }

    private ControlDocument locked(Supplier<ControlDocument> work) throws IOException {
        Files.createDirectories(root);
        RegistryLock lock = RegistryLock.acquire(root, LOCK_TIME_LIMIT, () -> "its files are being changed");
        try {
            return work.get();
        } finally {
            lock.close();
        }
    }
}
