package dev.kitchen.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.spi.PredictionCache;
import dev.kitchen.testkit.ManualTicker;
import dev.kitchen.testkit.PredictionCacheContract;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster of three, each with a third of the keys, promises what one Redis does. */
@Timeout(120)
class RedisClusterTest extends PredictionCacheContract {

    private static final int SLOTS = 16_384;

    private static List<RedisProcess> nodes;

    private final ManualTicker ticker = new ManualTicker();

    @BeforeAll
    static void start() throws IOException {
        nodes = List.of(startNode(), startNode(), startNode());
        for (int i = 0; i < nodes.size(); i++) {
            int[] slots = IntStream.range(i * SLOTS / nodes.size(), (i + 1) * SLOTS / nodes.size())
                    .toArray();
            nodes.get(i).asClient(it -> it.sync().clusterAddSlots(slots));
            int first = nodes.get(0).port();
            if (i > 0) {
                nodes.get(i).asClient(it -> it.sync().clusterMeet("127.0.0.1", first));
            }
        }
        nodes.forEach(RedisClusterTest::awaitCluster);
    }

    private static RedisProcess startNode() throws IOException {
        return RedisProcess.start(
                "--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-require-full-coverage", "no");
    }

    private static void awaitCluster(RedisProcess node) {
        node.asClient(it -> {
            Keys.await(() -> {
                String state = it.sync().clusterInfo();
                return state.contains("cluster_state:ok")
                        && state.contains("cluster_slots_assigned:" + SLOTS)
                        && state.contains("cluster_known_nodes:" + nodes.size());
            });
            return null;
        });
    }

    @AfterAll
    static void stop() {
        nodes.forEach(RedisProcess::close);
    }

    @Override
    protected RedisCache open() {
        return RedisCache.builder(nodes.get(0).uri(), nodes.get(1).uri())
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
            for (RedisProcess node : nodes) {
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
            // By the time a node has told of these, it has told of those before.
            heard.put(other, 2);
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

            nodes.get(2).kill();
            Keys.await(() -> other.statistics().entries() == 0);
            keys.put(one, 2);
            nodes.get(2).restart();
            nodes.forEach(RedisClusterTest::awaitCluster);

            keys.shareBetween(one, other, 3);
            keys.put(one, 4);
            keys.awaitIn(other, 4);
        }
    }
}
