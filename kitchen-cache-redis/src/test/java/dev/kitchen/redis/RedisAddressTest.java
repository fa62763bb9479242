package dev.kitchen.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.NotReadyException;
import dev.kitchen.spi.CacheKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of address against a Redis of that kind: answers are shared, and changes are heard of. */
@Timeout(120)
class RedisAddressTest {

    @TempDir
    Path directory;

    @Test
    void aUserWithAPassword() throws IOException {
        String[] users = "--user kitchen on >secret ~kitchen:* &* +@all -@dangerous --user default off".split(" ");
        try (RedisProcess redis = RedisProcess.start(users)) {
            shareAnswers("redis://kitchen:secret@127.0.0.1:" + redis.port());

            assertThatThrownBy(() -> RedisCache.connect("redis://kitchen:wrong@127.0.0.1:" + redis.port()))
                    .isInstanceOf(NotReadyException.class)
                    .hasMessage("redis cache: Redis refuses the user or the password (WRONGPASS)")
                    .hasNoCause();
        }
    }

    /** All that the guide says a user needs (docs/guide/caching.md). */
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
        try (RedisCluster cluster = RedisCluster.of(2)) {
            shareAnswers(cluster.node(0).uri(), cluster.node(1).uri());
            shareAnswers(cluster.node(1).uri());
        }
    }

    @Test
    void sentinels() throws IOException {
        try (RedisProcess master = RedisProcess.start()) {
            try (RedisProcess sentinel = RedisProcess.startSentinelOf(master)) {
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
                Keys.await(() -> other.get(key).isPresent());
                assertThat(other.get(key)).contains(RedisCacheTest.reply(i));
            }
            cache.invalidate("m", "*");
            for (int i = 0; i < 40; i++) {
                CacheKey key = RedisCacheTest.question(i);
                Keys.await(() -> other.get(key).isEmpty());
            }
            assertThat(cache.statistics().errors()).isZero();
        }
    }

    private static RedisCache open(String... uris) {
        return RedisCache.builder(uris).timeout(Duration.ofSeconds(5)).open();
    }
}
