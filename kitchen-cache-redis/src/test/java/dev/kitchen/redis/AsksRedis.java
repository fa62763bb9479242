package dev.kitchen.redis;

import dev.kitchen.spi.CacheKey;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A process of its own, told what to do with its cache line by line: put, get, invalidate. */
final class AsksRedis {

    private AsksRedis() {}

    public static void main(String[] arguments) throws Exception {
        CacheKey key = RedisCacheTest.question();
        try (RedisCache cache = RedisCache.builder(arguments[0])
                        .timeout(Duration.ofSeconds(5))
                        .open();
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            PrintStream out = System.out;
            out.println("ready");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                switch (line) {
                    case "put" -> cache.put(key, RedisCacheTest.reply(), Duration.ofHours(1), cache.epoch(key));
                    case "invalidate" -> cache.invalidate("m", "*");
                    default -> {}
                }
                out.println(cache.get(key).isPresent());
            }
        }
    }
}
