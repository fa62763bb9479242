package dev.kitchen.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import redis.embedded.core.ExecutableProvider;

/** A Redis of a test's own, which it may kill, pause and start again at the same address. */
final class RedisProcess implements AutoCloseable {

    private static final int ATTEMPTS = 5;

    private final Path directory;
    private final int port;
    private final List<String> settings;
    private Process process;

    private RedisProcess(Path directory, int port, List<String> settings) {
        this.directory = directory;
        this.port = port;
        this.settings = settings;
    }

    static RedisProcess start(String... settings) throws IOException {
        for (int attempt = 1; ; attempt++) {
            RedisProcess redis =
                    new RedisProcess(Files.createTempDirectory("kitchen-redis"), freePort(), List.of(settings));
            try {
                redis.restart();
                return redis;
            } catch (IOException e) {
                // Another process may have taken the port since it was free.
                redis.close();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** A sentinel that watches a server, which it calls {@code menu}. */
    static RedisProcess startSentinelOf(RedisProcess master) throws IOException {
        Path directory = Files.createTempDirectory("kitchen-sentinel");
        RedisProcess sentinel = new RedisProcess(directory, freePort(), List.of());
        Path settings = Files.writeString(
                directory.resolve("sentinel.conf"),
                "port " + sentinel.port + "\ndir " + directory + "\nsentinel monitor menu 127.0.0.1 " + master.port
                        + " 1\nsentinel down-after-milliseconds menu 300\n");
        sentinel.run(List.of(settings.toString(), "--sentinel"));
        return sentinel;
    }

    /** Below 55,000, as nodes of a cluster talk to one another 10,000 above. */
    static int freePort() throws IOException {
        while (true) {
            try (ServerSocket free = new ServerSocket(0)) {
                if (free.getLocalPort() < 55_000) {
                    return free.getLocalPort();
                }
            }
        }
    }

    private static String executable() throws IOException {
        for (String path : System.getenv("PATH").split(File.pathSeparator, -1)) {
            Path found = Path.of(path, "redis-server");
            if (Files.isExecutable(found)) {
                return found.toString();
            }
        }
        return ExecutableProvider.newJarResourceProvider().get().getAbsolutePath();
    }

    void restart() throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", "", "--dir", directory.toString()));
        arguments.addAll(settings);
        run(arguments);
    }

    private void run(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(executable()));
        command.addAll(arguments);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("redis.log").toFile())
                .start();
        awaitReady();
    }

    private void awaitReady() throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < end && process.isAlive()) {
            try (java.net.Socket socket = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream().write("PING\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                byte[] answer = socket.getInputStream().readNBytes(7);
                boolean answers = answer[0] == '+'
                        || new String(answer, java.nio.charset.StandardCharsets.US_ASCII).equals("-NOAUTH");
                if (answers && ownsThePort()) {
                    return;
                }
            } catch (IOException e) {
                Thread.onSpinWait();
            }
        }
        throw new IOException("redis did not start: " + Files.readString(directory.resolve("redis.log")));
    }

    /** Whether it is this process that answers, and not one of another test run that took the port first. */
    private boolean ownsThePort() throws IOException {
        return process.isAlive()
                && Files.readString(directory.resolve("redis.log"))
                        .contains(isSentinel() ? "Sentinel ID" : "Ready to accept");
    }

    private boolean isSentinel() {
        return Files.exists(directory.resolve("sentinel.conf"));
    }

    int port() {
        return port;
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Does something to it as another client would. */
    <T> T asClient(Function<StatefulRedisConnection<byte[], byte[]>, T> work) {
        return asClient(uri(), work);
    }

    static <T> T asClient(String uri, Function<StatefulRedisConnection<byte[], byte[]>, T> work) {
        RedisClient client = RedisClient.create(uri);
        try (var connection = client.connect(io.lettuce.core.codec.ByteArrayCodec.INSTANCE)) {
            return work.apply(connection);
        } finally {
            client.shutdown(java.time.Duration.ZERO, java.time.Duration.ofSeconds(2));
        }
    }

    /** The one that runs already, where somebody named it. */
    static Optional<String> given() {
        return Optional.ofNullable(System.getenv("KITCHEN_TEST_REDIS_URL"));
    }

    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
