package dev.kitchen.store;

import dev.kitchen.error.RegistryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Changes of files that are on the disk when they return, interrupted or not. */
final class Durably {

    private static final boolean DIRECTORIES_CAN_BE_FORCED =
            !System.getProperty("os.name").startsWith("Windows");

    private Durably() {}

    /** Something to do with a file. */
    interface Action {
        void run() throws IOException;
    }

    /** Writes a new file, calling back halfway. */
    static void write(Path file, byte[] content, Runnable halfway) throws IOException {
        uninterrupted(() -> {
            Files.deleteIfExists(file);
            try (FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                int half = content.length / 2;
                writeAll(channel, ByteBuffer.wrap(content, 0, half));
                halfway.run();
                writeAll(channel, ByteBuffer.wrap(content, half, content.length - half));
                channel.force(true);
            }
        });
    }

    private static void writeAll(FileChannel channel, ByteBuffer content) throws IOException {
        while (content.hasRemaining()) {
            channel.write(content);
        }
    }

    /** Copies a file to a new name. */
    static void copy(Path from, Path to) throws IOException {
        uninterrupted(() -> {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        });
    }

    /** Gives a file or directory another name, at once or not at all; whoever stands there already is replaced. */
    static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Makes what was created, moved or deleted inside a directory survive a power failure. */
    static void forceDirectory(Path directory) throws IOException {
        if (DIRECTORIES_CAN_BE_FORCED) {
            uninterrupted(() -> {
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            });
        }
    }

    /**
     * An interrupt closes a channel in the middle, so the action is done once more; the thread is interrupted afterwards.
     */
    static void uninterrupted(Action action) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    action.run();
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted = Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Changes files under the registry's lock; once more where an interrupt was in the way. The thread is interrupted
     * afterwards.
     */
    static void despiteInterrupts(Runnable work) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    work.run();
                    return;
                } catch (RegistryException e) {
                    if (!Thread.interrupted()) {
                        throw e;
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
