package dev.kitchen.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.push.PushMessage;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a try to connect throws, the next one is made. */
@Timeout(120)
class ConnectingTest {

    /** Nothing is to be heard of. */
    private static final class Unheard implements RedisLink.Listener {
        @Override
        public void onPush(PushMessage message) {}

        @Override
        public void onGap() {}
    }

    @Test
    void anErrorOfOneTryDoesNotEndTheNextOnes() throws Exception {
        try (RedisProcess redis = RedisProcess.start()) {
            Queue<Throwable> failures = new ArrayDeque<>(List.of(
                    new RedisConnectionException("away"), new StackOverflowError(), new AssertionError("broken")));
            CountDownLatch connected = new CountDownLatch(1);
            Connecting connecting = new Connecting(
                    () -> {
                        Throwable failure = failures.poll();
                        if (failure instanceof RuntimeException e) {
                            throw e;
                        }
                        if (failure instanceof Error e) {
                            throw e;
                        }
                        return RedisLink.to(List.of(RedisURI.create(redis.uri())), "test:", new Unheard());
                    },
                    connected::countDown);
            try (connecting) {
                assertThat(connected.await(60, TimeUnit.SECONDS)).isTrue();
                assertThat(failures).isEmpty();
                assertThat(connecting.link()).isNotNull();
            }
        }
    }
}
