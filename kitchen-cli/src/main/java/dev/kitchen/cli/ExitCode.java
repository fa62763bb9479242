package dev.kitchen.cli;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What the process ends with. Scripts go by these numbers: they stay. */
enum ExitCode {
    OK(0),
    /** Understood, but refused, or it went wrong. */
    FAILED(1),
    /** The command line is wrong. */
    USAGE(2),
    /** There is no such file, model, version or endpoint. */
    NOT_FOUND(3),
    /** The data is wrong. */
    INVALID_DATA(4),
    /** Not now; the same command may succeed later. */
    TRY_AGAIN(5),
    /** A defect of this program. */
    INTERNAL(70);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static ExitCode of(Throwable failure) {
        if (failure instanceof KitchenException known) {
            return of(known);
        } else if (failure instanceof NoSuchFileException) {
            return NOT_FOUND;
        } else if (failure instanceof UncheckedIOException wrapped && wrapped.getCause() != null) {
            return of(wrapped.getCause());
        }
        return failure instanceof FileSystemException || failure instanceof IOException ? FAILED : INTERNAL;
    }

    private static ExitCode of(KitchenException failure) {
        if (failure instanceof ModelNotFoundException) {
            return NOT_FOUND;
        } else if (failure instanceof InvalidRequestException) {
            return INVALID_DATA;
        } else if (failure instanceof RegistryException registry && registry.reason() == Reason.INVALID) {
            return USAGE;
        } else if (failure.getCause() instanceof ModelLoadException) {
            return FAILED;
        }
        return failure.retryable() ? TRY_AGAIN : FAILED;
    }
}
