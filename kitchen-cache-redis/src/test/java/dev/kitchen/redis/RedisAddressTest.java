package dev.kitchen.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.NotReadyException;
import dev.kitchen.spi.CacheKey;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of address against a Redis of that kind: answers are shared, and changes are heard of. */
@Timeout(120)
class RedisAddressTest {

    private static final int SLOTS = 16_384;

    @TempDir
    Path directory;

    @Test
    void aUserWithAPassword() throws IOException {
        String[] users = "--user kitchen on >secret ~kitchen:* &* +@all -@dangerous --user default off".split(" ");
        try (RedisProcess redis = RedisProcess.start(users)) {
            shareAnswers("redis://kitchen:secret@127.0.0.1:" + redis.port());

            assertThatThrownBy(() -> RedisCache.connect("redis://kitchen:wrong@127.0.0.1:" + redis.port()))
                    .isInstanceOf(NotReadyException.class)
                    .hasMessageNotContaining("wrong");
        }
    }

    /** All that the guide says a user needs. */
    @Test
    void aUserWithFewRights() throws IOException {
        String[] users = ("--user kitchen on >se:cr@t resetkeys ~kitchen:* -@all"
                        + " +hello +ping +client +get +pttl +set +incr +scan +unlink --user default off")
                .split(" ");
        try (RedisProcess redis = RedisProcess.start(users)) {
            shareAnswers("redis://kitchen:se%3Acr%40t@127.0.0.1:" + redis.port());
        }
    }

    @Test
    @SuppressWarnings("try") // the server is used by its other port
    void anEncryptedConnectionIsRefusedToAServerOfAnotherName() throws Exception {
        Certificates certificates = Certificates.forHost("elsewhere.example", directory);
        int port = RedisProcess.freePort();
        System.setProperty(Certificates.TRUST_STORE, certificates.trustStore().toString());
        try (RedisProcess redis = startEncrypted(port, certificates)) {
            assertThatThrownBy(() -> RedisCache.connect("rediss://localhost:" + port))
                    .isInstanceOf(NotReadyException.class);
        } finally {
            System.clearProperty(Certificates.TRUST_STORE);
        }
    }

    private static RedisProcess startEncrypted(int port, Certificates certificates) throws IOException {
        return RedisProcess.start(
                "--tls-port",
                Integer.toString(port),
                "--tls-auth-clients",
                "no",
                "--tls-cert-file",
                certificates.certificate().toString(),
                "--tls-ca-cert-file",
                certificates.certificate().toString(),
                "--tls-key-file",
                certificates.key().toString());
    }

    @Test
    @SuppressWarnings("try") // the server is used by its other port
    void anEncryptedConnection() throws Exception {
        Certificates certificates = Certificates.forHost("localhost", directory);
        int port = RedisProcess.freePort();
        String trusted = System.getProperty(Certificates.TRUST_STORE);
        try (RedisProcess redis = startEncrypted(port, certificates)) {
            String uri = "rediss://localhost:" + port;
            assertThatThrownBy(() -> RedisCache.connect(uri)).isInstanceOf(NotReadyException.class);

            System.setProperty(
                    Certificates.TRUST_STORE, certificates.trustStore().toString());
            shareAnswers(uri);
        } finally {
            if (trusted == null) {
                System.clearProperty(Certificates.TRUST_STORE);
            } else {
                System.setProperty(Certificates.TRUST_STORE, trusted);
            }
        }
    }

    @Test
    void aCluster() throws IOException {
        try (RedisProcess one = RedisProcess.start("--cluster-enabled", "yes");
                RedisProcess other = RedisProcess.start("--cluster-enabled", "yes")) {
            addSlots(one, 0, SLOTS / 2);
            addSlots(other, SLOTS / 2, SLOTS);
            one.asClient(it -> it.sync().clusterMeet("127.0.0.1", other.port()));
            awaitCluster(one);
            awaitCluster(other);

            shareAnswers(one.uri(), other.uri());
            shareAnswers(other.uri());
        }
    }

    private static void addSlots(RedisProcess node, int from, int to) {
        node.asClient(it -> it.sync().clusterAddSlots(IntStream.range(from, to).toArray()));
    }

    private static void awaitCluster(RedisProcess node) {
        await(() -> node.asClient(it -> {
            RedisCommands<byte[], byte[]> commands = it.sync();
            return commands.clusterInfo().contains("cluster_state:ok")
                    && commands.clusterInfo().contains("cluster_known_nodes:2");
        }));
    }

    @Test
    void sentinels() throws IOException {
        try (RedisProcess master = RedisProcess.start()) {
            int port = RedisProcess.freePort();
            Path settings = Files.writeString(
                    directory.resolve("sentinel.conf"),
                    "port " + port + "\ndir " + directory + "\nsentinel monitor menu 127.0.0.1 " + master.port()
                            + " 1\n");
            try (RedisProcess sentinel = RedisProcess.startAs(port, directory, settings.toString(), "--sentinel")) {
                shareAnswers("redis-sentinel://127.0.0.1:" + sentinel.port() + "/0#menu");
            }
        }
    }

    /** Forty answers, as a cluster spreads them over its nodes. */
    private static void shareAnswers(String... uris) {
        try (RedisCache cache = open(uris);
                RedisCache other = open(uris)) {
            for (int i = 0; i < 40; i++) {
                CacheKey key = RedisCacheTest.question(i);
                cache.put(key, RedisCacheTest.reply(i), Duration.ofHours(1), cache.epoch(key));
            }
            for (int i = 0; i < 40; i++) {
                CacheKey key = RedisCacheTest.question(i);
                await(() -> other.get(key).isPresent());
                assertThat(other.get(key)).contains(RedisCacheTest.reply(i));
            }
            cache.invalidate("m", "*");
            for (int i = 0; i < 40; i++) {
                CacheKey key = RedisCacheTest.question(i);
                await(() -> other.get(key).isEmpty());
            }
            assertThat(cache.statistics().errors()).isZero();
        }
    }

    private static RedisCache open(String... uris) {
        return RedisCache.builder(uris).timeout(Duration.ofSeconds(5)).open();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }
}
