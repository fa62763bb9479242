package dev.kitchen.benchmarks;

import dev.kitchen.registry.ModelRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What another thread does every 5 ms while a caller is timed. */
final class Disturbance {

    private static final long PERIOD_NANOS = 5_000_000;

    private final Deed deed;
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread thread = new Thread(this::disturb, "disturbance");
    private long[] nanos = new long[1 << 20];
    private int count;

    /** What is done each time. */
    interface Deed {
        void run(int number) throws IOException;
    }

    private Disturbance(Deed deed) {
        this.deed = deed;
    }

    static Disturbance start(Deed deed) {
        Disturbance disturbance = new Disturbance(deed);
        disturbance.thread.setUncaughtExceptionHandler((thread, thrown) -> disturbance.failure.set(thrown));
        disturbance.thread.start();
        return disturbance;
    }

    static Deed nothing() {
        return number -> {};
    }

    /** Makes the other one of two resident versions current. */
    static Deed flip(ModelRegistry registry) {
        return number -> registry.activate("mlp", number % 2 == 0 ? "2" : "1");
    }

    /** The writing of a durable flip and nothing else: what this disk costs, with or without Kitchen. */
    static Deed writing(Path directory) {
        return number -> {
            for (String name : new String[] {"backup", "document"}) {
                Path temporary = directory.resolve(name + ".tmp");
                try (FileChannel channel = FileChannel.open(
                        temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
                    channel.write(ByteBuffer.allocate(2_000));
                    channel.force(true);
                }
                Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            }
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        };
    }

    private void disturb() {
        while (!done.get() && count < nanos.length) {
            long start = System.nanoTime();
            try {
                deed.run(count);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            nanos[count++] = System.nanoTime() - start;
            LockSupport.parkNanos(PERIOD_NANOS - (System.nanoTime() - start));
        }
    }

    /** Ends it; returns how long each time took, in nanoseconds. */
    long[] stop() throws InterruptedException {
        done.set(true);
        thread.join();
        if (failure.get() != null) {
            throw new IllegalStateException("a disturbance failed", failure.get());
        }
        return Arrays.copyOf(nanos, count);
    }
}
