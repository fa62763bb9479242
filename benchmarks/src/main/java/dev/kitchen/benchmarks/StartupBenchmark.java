package dev.kitchen.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long from opening to the first answer, in a JVM that has just started? One shot per JVM; the first JVM, which may
 * find no unpacked natives, does not count. {@code kitchenCold} always unpacks.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(
        value = 10,
        warmups = 1,
        jvmArgsAppend = {"-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED"})
public class StartupBenchmark {

    private AutoCloseable opened = () -> {};

    @TearDown
    public void close() throws Exception {
        opened.close();
    }

    @Benchmark
    public float[] kitchen(Asked asked) {
        KitchenPeer peer = new KitchenPeer(asked.what);
        opened = peer;
        return peer.predict(asked.item);
    }

    @Benchmark
    public float[] kitchenCold(EmptyStore store, Asked asked) {
        return kitchen(asked);
    }

    @Benchmark
    public float[] officialIdiomatic(Asked asked) {
        OfficialPeer peer = new OfficialPeer(asked.what);
        opened = peer;
        return peer.predict(asked.item);
    }

    @Benchmark
    public float[] djl(Asked asked) {
        DjlPeer peer = new DjlPeer(asked.what);
        opened = peer;
        return peer.predictor().predict(asked.item);
    }

    /** Kitchen's natives have yet to be unpacked. */
    @State(Scope.Benchmark)
    public static class EmptyStore {

        private Path directory;

        @Setup
        public void choose() throws IOException {
            directory = Files.createTempDirectory("kitchen-cold");
            System.setProperty(
                    "kitchen.native.dir", directory.resolve("natives").toString());
        }

        @TearDown
        public void delete() throws IOException {
            List<Path> all;
            try (Stream<Path> files = Files.walk(directory)) {
                all = files.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path path : all) {
                Files.delete(path);
            }
        }
    }
}
