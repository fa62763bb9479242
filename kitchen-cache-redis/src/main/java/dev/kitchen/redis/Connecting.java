package dev.kitchen.redis;

import dev.kitchen.error.NotReadyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the connections to Redis: at once where Redis is there, or else on a thread that tries until it is. What it says
 * never repeats an address, which may hold a password, nor what Lettuce says of one.
 */
final class Connecting implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Connecting.class);

    private static final long FIRST_PAUSE_MILLIS = 1_000;
    private static final long LONGEST_PAUSE_MILLIS = 15_000;
    private static final long END_MILLIS = 5_000;

    private final Supplier<RedisLink> connect;
    private final Runnable connected;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Object lock = new Object();
    private volatile @Nullable RedisLink link;
    private @Nullable Thread thread;

    /**
     * Tries once, and goes on trying in the background if Redis is not there.
     *
     * @param connected called on that thread when it is
     * @throws NotReadyException if Redis refuses the user, the password or the certificate
     */
    Connecting(Supplier<RedisLink> connect, Runnable connected) {
        this.connect = connect;
        this.connected = connected;
        try {
            link = connect.get();
        } catch (RedisException e) {
            if (!isAway(e)) {
                throw new NotReadyException("redis cache: " + reason(e));
            }
            LOGGER.warn("redis cache: {}; answers stay in this JVM until it is there", reason(e));
            Thread trying = new Thread(this::keepTrying, "kitchen-redis-connect");
            trying.setDaemon(true);
            thread = trying;
            start(trying);
        }
    }

    private static void start(Thread trying) {
        try {
            trying.start();
        } catch (Throwable e) {
            throw new NotReadyException(
                    "redis cache: no thread can be had to connect: "
                            + e.getClass().getSimpleName(),
                    e);
        }
    }

    /** Whether nobody is there, so that it may help to try again; a refusal is for whoever wrote the settings. */
    private static boolean isAway(Throwable failure) {
        return find(failure, RedisCommandExecutionException.class).isEmpty()
                && find(failure, SSLException.class).isEmpty()
                && failure instanceof RedisConnectionException;
    }

    /** Why there is no connection, in words of which none is the address's. */
    private static String reason(Throwable failure) {
        Optional<RedisCommandExecutionException> refused = find(failure, RedisCommandExecutionException.class);
        if (refused.isPresent()) {
            String code = String.valueOf(refused.get().getMessage()).split(" ", 2)[0];
            boolean known = code.matches("WRONGPASS|NOAUTH|NOPERM|ERR|DENIED");
            return "Redis refuses the user or the password" + (known ? " (" + code + ")" : "");
        }
        if (find(failure, SSLException.class).isPresent()) {
            return "the server's certificate is not trusted, or not for this host";
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return "cannot connect (" + root.getClass().getSimpleName() + ")";
    }

    private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> kind) {
        for (Throwable it = failure; it != null; it = it.getCause()) {
            if (kind.isInstance(it)) {
                return Optional.of(kind.cast(it));
            }
        }
        return Optional.empty();
    }

    private void keepTrying() {
        String last = "";
        for (long pause = FIRST_PAUSE_MILLIS;
                pauseUnlessClosed(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            try {
                arrive(connect.get());
                return;
            } catch (Throwable e) {
                // Also an Error: nobody else would try again.
                String now = reason(e);
                if (!isAway(e) && !now.equals(last)) {
                    LOGGER.warn("redis cache: {}; tries again", now);
                }
                last = now;
            }
        }
    }

    private void arrive(RedisLink found) {
        synchronized (lock) {
            link = found;
            if (closing.getCount() == 0) {
                found.close();
                return;
            }
        }
        LOGGER.info("redis cache: connected");
        connected.run();
    }

    private boolean pauseUnlessClosed(long millis) {
        try {
            return !closing.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false; // nobody but a closing JVM interrupts this thread
        }
    }

    /**
     * The connections.
     *
     * @throws RedisException if there are none yet
     */
    RedisLink link() {
        RedisLink present = link;
        if (present == null) {
            throw new RedisException("not connected yet");
        }
        return present;
    }

    /** Whether every change of Redis is heard of. */
    boolean hearsAll() {
        RedisLink present = link;
        return present != null && present.hearsAll();
    }

    @Override
    public void close() {
        Thread trying;
        synchronized (lock) {
            closing.countDown();
            trying = thread;
            if (link != null) {
                link.close();
            }
        }
        if (trying != null) {
            try {
                trying.join(END_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
