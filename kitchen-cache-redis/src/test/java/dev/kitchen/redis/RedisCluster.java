package dev.kitchen.redis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Nodes that share the slots of one cluster evenly. */
final class RedisCluster implements AutoCloseable {

    private static final int SLOTS = 16_384;

    private final List<RedisProcess> nodes = new ArrayList<>();

    private RedisCluster() {}

    static RedisCluster of(int count) throws IOException {
        RedisCluster cluster = new RedisCluster();
        for (int i = 0; i < count; i++) {
            cluster.add(i * SLOTS / count, (i + 1) * SLOTS / count);
        }
        cluster.await();
        return cluster;
    }

    private void add(int fromSlot, int toSlot) throws IOException {
        RedisProcess node = RedisProcess.start(
                "--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-require-full-coverage", "no");
        nodes.add(node);
        node.asClient(it ->
                it.sync().clusterAddSlots(IntStream.range(fromSlot, toSlot).toArray()));
        int first = node(0).port();
        if (nodes.size() > 1) {
            node.asClient(it -> it.sync().clusterMeet("127.0.0.1", first));
        }
    }

    /** Waits until all nodes know one another. */
    void await() {
        nodes.forEach(node -> node.asClient(it -> {
            Keys.await(() -> {
                String state = it.sync().clusterInfo();
                return state.contains("cluster_state:ok")
                        && state.contains("cluster_slots_assigned:" + SLOTS)
                        && state.contains("cluster_known_nodes:" + nodes.size());
            });
            return null;
        }));
    }

    List<RedisProcess> nodes() {
        return nodes;
    }

    RedisProcess node(int index) {
        return nodes.get(index);
    }

    @Override
    public void close() {
        nodes.forEach(RedisProcess::close);
    }
}
