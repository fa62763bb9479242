package dev.kitchen.redis;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sentinel says who is the master, also when another one has become that. */
@Timeout(120)
class RedisSentinelTest {

    private RedisProcess master;
    private RedisProcess replica;
    private RedisProcess sentinel;

    @BeforeEach
    void start() throws IOException {
        master = RedisProcess.start();
        replica = RedisProcess.start("--replicaof", "127.0.0.1", Integer.toString(master.port()));
        replica.asClient(it -> {
            Keys.await(() -> it.sync().info("replication").contains("master_link_status:up"));
            return null;
        });
        sentinel = RedisProcess.startSentinelOf(master);
        sentinel.asClient(it -> {
            // It has to know who can take over.
            Keys.await(() -> it.sync().info("sentinel").contains("slaves=1"));
            return null;
        });
    }

    @AfterEach
    void stop() {
        sentinel.close();
        replica.close();
        master.close();
    }

    private RedisCache open() {
        return RedisCache.builder("redis-sentinel://127.0.0.1:" + sentinel.port() + "/0#menu")
                .timeout(Duration.ofSeconds(2))
                .open();
    }

    @Test
    void goesOnWithTheNewMasterWhenTheOldOneIsGone() throws Exception {
        Keys keys = Keys.of("m");
        try (RedisCache one = open();
                RedisCache other = open()) {
            keys.put(one, 1);
            keys.awaitIn(other, 1);

            master.kill();

            keys.shareBetween(one, other, 2);
            keys.shareBetween(other, one, 3);
        }
    }
}
