package dev.kitchen.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.spi.PredictionCache;
import dev.kitchen.testkit.ManualTicker;
import dev.kitchen.testkit.PredictionCacheContract;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster of three, each with a third of the keys, promises what one Redis does. */
@Timeout(120)
class RedisClusterTest extends PredictionCacheContract {

    private static RedisCluster cluster;

    private final ManualTicker ticker = new ManualTicker();

    @BeforeAll
    static void start() throws IOException {
        cluster = RedisCluster.of(3);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    protected RedisCache open() {
        return RedisCache.builder(cluster.node(0).uri(), cluster.node(1).uri())
                .nearBytes(16 << 20)
                .timeout(Duration.ofSeconds(2))
                .ticker(ticker)
                .open();
    }

    @Override
    protected void close(PredictionCache opened) {
        opened.invalidate("*", "*");
        ((RedisCache) opened).close();
    }

    @Override
    protected void passTime(Duration time) {
        RedisCacheTest.letPass(ticker, time);
    }

    @Test
    void answersAreOnAllNodesAndEachNodeTellsOfChanges() {
        Keys keys = Keys.of("m");
        try (RedisCache one = open();
                RedisCache other = open()) {
            keys.put(one, 1);
            keys.awaitIn(other, 1);
            for (RedisProcess node : cluster.nodes()) {
                assertThat(node.<Long>asClient(it -> it.sync().dbsize())).isGreaterThan(5);
            }

            keys.put(one, 2);
            keys.awaitIn(other, 2);
            one.invalidate("m", "*");
            keys.awaitGone(other);

            assertThat(one.statistics().errors()).isZero();
            assertThat(other.statistics().errors()).isZero();
        }
    }

    @Test
    void whatOneKeepsItselfStaysInItsMemory() {
        Keys own = Keys.of("own");
        Keys heard = Keys.of("heard");
        try (RedisCache one = open();
                RedisCache other = open()) {
            heard.put(other, 1);
            heard.awaitIn(one, 1);
            own.put(one, 1);
            own.awaitIn(other, 1);
            // A late message about another key may have kept an answer out of memory: it is there once it is asked for.
            own.awaitIn(one, 1);
            // By the time a node has told of these, it has told of those before.
            heard.put(other, 2);
            heard.awaitIn(one, 2);
            heard.awaitIn(one, 2);

            assertThat(one.statistics().entries()).isEqualTo(own.count() + heard.count());
        }
    }

    @Test
    void aNodeThatGoesAndComesBackCostsItsAnswersOnly() throws Exception {
        Keys keys = Keys.of("m");
        try (RedisCache one = open();
                RedisCache other = open()) {
            keys.put(one, 1);
            keys.awaitIn(other, 1);

            cluster.node(2).kill();
            Keys.await(() -> other.statistics().entries() == 0);
            keys.put(one, 2);
            cluster.node(2).restart();
            cluster.await();

            keys.shareBetween(one, other, 3);
            keys.put(one, 4);
            keys.awaitIn(other, 4);
        }
    }
}
