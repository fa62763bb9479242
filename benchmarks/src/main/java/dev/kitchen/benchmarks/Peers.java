package dev.kitchen.benchmarks;

import dev.kitchen.BoundCalls;
import dev.kitchen.TypedEndpoint;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/** The peers as JMH's states, a state each: the APIs of ONNX Runtime do not meet in one JVM. */
public final class Peers {

    private Peers() {}

    /** Kitchen, shared by all threads. */
    @State(Scope.Benchmark)
    public static class Ours {

        KitchenPeer peer;
        float[] item;
        private BoundCalls pool;

        @Setup
        public void open(Asked asked, BenchmarkParams benchmark) {
            item = asked.item;
            peer = new KitchenPeer(asked.what);
            pool = peer.bindings(benchmark.getThreads());
        }

        @TearDown
        public void close() {
            pool.close();
            peer.close();
        }

        float[] predictBound(float[] answer) {
            return pool.use(call -> peer.predict(call, item, answer));
        }
    }

    /** Kitchen's typed calls, shared by all threads. */
    @State(Scope.Benchmark)
    public static class Typed {

        TypedEndpoint<float[], float[]> endpoint;

        @Setup
        public void open(Ours ours) {
            endpoint = ours.peer.typed();
        }
    }

    /** A bound call per thread. */
    @State(Scope.Thread)
    public static class Bound {

        KitchenPeer.Bound call;

        @Setup
        public void open(Ours ours) {
            call = ours.peer.bound();
        }
    }

    /** Where a thread wants its answers. */
    @State(Scope.Thread)
    public static class Answer {

        float[] floats;

        @Setup
        public void make(Asked asked) {
            floats = new float[asked.what.answers()];
        }
    }

    /** ONNX Runtime's Java API, shared by all threads. */
    @State(Scope.Benchmark)
    public static class Official {

        OfficialPeer peer;
        Object nested;

        @Setup
        public void open(Asked asked) {
            peer = new OfficialPeer(asked.what);
            nested = peer.nested(asked.item);
        }

        @TearDown
        public void close() {
            peer.close();
        }
    }

    /** Tensors of ONNX Runtime's Java API, per thread. */
    @State(Scope.Thread)
    public static class Reused {

        OfficialPeer.Reused tensors;

        @Setup
        public void open(Official official) {
            tensors = official.peer.reused();
        }

        @TearDown
        public void close() {
            tensors.close();
        }
    }

    /** DJL, shared by all threads. */
    @State(Scope.Benchmark)
    public static class Djl {

        private DjlPeer peer;

        @Setup
        public void open(Asked asked) {
            peer = new DjlPeer(asked.what);
        }

        @TearDown
        public void close() {
            peer.close();
        }
    }

    /** DJL's predictor, per thread. */
    @State(Scope.Thread)
    public static class DjlPredictor {

        Peer predictor;

        @Setup
        public void open(Djl djl) {
            predictor = djl.peer.predictor();
        }

        @TearDown
        public void close() {
            predictor.close();
        }
    }
}
