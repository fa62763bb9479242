package dev.kitchen;

import dev.kitchen.store.DocumentRecovery;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The generation before the last one, which a registry on disk keeps beside its document: the way back where that is
 * damaged. Nothing goes back by itself. Everything is looked at when it is asked for.
 */
public final class RegistryBackup {

    private final DocumentRecovery recovery;

    private RegistryBackup(DocumentRecovery recovery) {
        this.recovery = recovery;
    }

    /** That of the registry in a directory, which need not open. */
    public static RegistryBackup of(Path registry) {
        return new RegistryBackup(DocumentRecovery.in(registry));
    }

    /** What is wrong with the registry's document, in words; empty if nothing is. */
    public Optional<String> documentProblem() {
        return recovery.problem();
    }

    /** The generation that the document says it is; empty if that cannot be read. */
    public OptionalLong documentGeneration() {
        return recovery.generation();
    }

    /** What is wrong with the backup, in words; empty if nothing is. */
    public Optional<String> problem() {
        return recovery.problemOfBackup();
    }

    /** The generation that the backup says it is; empty if that cannot be read. */
    public OptionalLong generation() {
        return recovery.generationOfBackup();
    }

    /**
     * Makes the backup the document again, with a number of its own, so that processes that serve go by it. What the
     * damaged document had changed is lost. Blocks until done.
     *
     * @return where the damaged document is kept; empty if it was missing
     * @throws dev.kitchen.error.RegistryException {@code CONFLICT} if the document is not damaged, {@code DAMAGED} if the
     *     backup is damaged, too; nothing is changed then
     */
    public Optional<Path> restore() {
        return recovery.restore();
    }
}
