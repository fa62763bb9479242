package dev.kitchen.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sentinel says who is the master, also when another one has become that. */
@Timeout(120)
class RedisSentinelTest {

    @TempDir
    Path directory;

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
        sentinel = startSentinel();
        sentinel.asClient(it -> {
            // It has to know who can take over.
            Keys.await(() -> it.sync().info("sentinel").contains("slaves=1"));
            return null;
        });
    }

    private RedisProcess startSentinel() throws IOException {
        int port = RedisProcess.freePort();
        Path settings = Files.writeString(
                directory.resolve("sentinel.conf"),
                "port " + port + "\ndir " + directory + "\nsentinel monitor menu 127.0.0.1 " + master.port()
                        + " 1\nsentinel down-after-milliseconds menu 300\n");
        return RedisProcess.startAs(port, directory, settings.toString(), "--sentinel");
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
