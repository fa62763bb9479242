package dev.kitchen.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.event.ClusterTopologyChangedEvent;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to Redis: one to read, and one to change and to hear of what others change. Both reconnect by
 * themselves; while they are down, commands fail at once.
 */
final class RedisLink implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(RedisLink.class);

    private static final int MAX_WAITING_COMMANDS = 10_000;
    private static final long RETRY_MILLIS = 1_000;
    /** The name of the only server, or of the master whoever it is. */
    private static final String ONE = "";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private final AbstractRedisClient client;
    private final RedisClusterAsyncCommands<byte[], byte[]> reads;
    private final RedisClusterAsyncCommands<byte[], byte[]> changes;
    private final TrackingArgs tracking;
    private final Listener listener;
    /** The servers there are, and whether each of them tells of changes. */
    private final Map<String, Boolean> servers = new ConcurrentHashMap<>();

    /** Ends the news of the cluster, which nobody would take once the client's threads have ended. */
    private volatile Runnable unsubscribe = () -> {};

    private volatile boolean closed;

    /** Who hears of changes. Called by threads of the connection: quick, does not block. */
    interface Listener {

        /** A message that begins with {@code invalidate}. */
        void onPush(PushMessage message);

        /** Changes may have gone unheard, or will: what was kept before may be outdated. */
        void onGap();
    }

    private RedisLink(
            AbstractRedisClient client,
            RedisClusterAsyncCommands<byte[], byte[]> reads,
            RedisClusterAsyncCommands<byte[], byte[]> changes,
            String prefix,
            Listener listener) {
        this.client = client;
        this.reads = reads;
        this.changes = changes;
        this.tracking = TrackingArgs.Builder.enabled().bcast().noloop().prefixes(prefix);
        this.listener = listener;
    }

    /** Connects to one Redis, to the master that sentinels name, or to a cluster, of which one node will do. */
    static RedisLink to(List<RedisURI> uris, String prefix, Listener listener) {
        return uris.size() == 1 ? toOne(uris.get(0), prefix, listener) : toCluster(uris, prefix, listener);
    }

    private static RedisLink toOne(RedisURI uri, String prefix, Listener listener) {
        RedisClient client = RedisClient.create(uri);
        client.setOptions(options());
        try {
            if (isOfCluster(client)) {
                client.shutdown();
                return toCluster(List.of(uri), prefix, listener);
            }
            StatefulRedisConnection<byte[], byte[]> reading = client.connect(ByteArrayCodec.INSTANCE);
            StatefulRedisConnection<byte[], byte[]> changing = client.connect(ByteArrayCodec.INSTANCE);
            RedisLink link = new RedisLink(client, reading.async(), changing.async(), prefix, listener);
            changing.addListener(listener::onPush);
            link.servers.put(ONE, false);
            link.awaitFirst(link.keepTracking(ONE, changing));
            return link;
        } catch (RuntimeException e) {
            client.shutdown();
            throw e;
        }
    }

    private static boolean isOfCluster(RedisClient client) {
        try (StatefulRedisConnection<String, String> asking = client.connect()) {
            return asking.sync().info("cluster").contains("cluster_enabled:1");
        } catch (RedisCommandExecutionException e) {
            // Not every user may ask; who may not names several nodes.
            return false;
        }
    }

    private static RedisLink toCluster(List<RedisURI> uris, String prefix, Listener listener) {
        RedisClusterClient client = RedisClusterClient.create(uris);
        ClusterTopologyRefreshOptions refresh = ClusterTopologyRefreshOptions.builder()
                .enablePeriodicRefresh(Duration.ofSeconds(10))
                .build();
        client.setOptions(ClusterClientOptions.builder(options())
                .topologyRefreshOptions(refresh)
                .build());
        try {
            StatefulRedisClusterConnection<byte[], byte[]> reading = client.connect(ByteArrayCodec.INSTANCE);
            StatefulRedisClusterConnection<byte[], byte[]> changing = client.connect(ByteArrayCodec.INSTANCE);
            RedisLink link = new RedisLink(client, reading.async(), changing.async(), prefix, listener);
            changing.addListener((RedisClusterNode node, PushMessage message) -> listener.onPush(message));
            link.awaitFirst(link.trackAll(changing));
            link.unsubscribe = client.getResources().eventBus().get().subscribe(event -> {
                if (event instanceof ClusterTopologyChangedEvent) {
                    link.trackAll(changing);
                }
            })::dispose;
            return link;
        } catch (RuntimeException e) {
            client.shutdown();
            throw e;
        }
    }

    private static ClientOptions options() {
        KeepAliveOptions keepAlive = KeepAliveOptions.builder()
                .enable()
                .idle(Duration.ofSeconds(10))
                .interval(Duration.ofSeconds(5))
                .count(3)
                .build();
        return ClientOptions.builder()
                .protocolVersion(ProtocolVersion.RESP3)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(MAX_WAITING_COMMANDS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .keepAlive(keepAlive)
                        .build())
                .build();
    }

    /** Follows the cluster: tracks its new nodes, and forgets those that left it. */
    private CompletionStage<Void> trackAll(StatefulRedisClusterConnection<byte[], byte[]> cluster) {
        Map<String, RedisURI> nodes = new HashMap<>();
        for (RedisClusterNode node : cluster.getPartitions()) {
            if (node.is(RedisClusterNode.NodeFlag.UPSTREAM)) {
                nodes.put(node.getUri().getHost() + ":" + node.getUri().getPort(), node.getUri());
            }
        }
        servers.keySet().retainAll(nodes.keySet());
        List<CompletableFuture<Void>> begun = new ArrayList<>();
        nodes.forEach((name, uri) -> {
            if (servers.putIfAbsent(name, false) == null) {
                begun.add(trackNode(name, uri, cluster));
            }
        });
        return CompletableFuture.allOf(begun.toArray(CompletableFuture[]::new));
    }

    /** On the connection that commands use, which is the one by host and port: NOLOOP is about that one's writes. */
    private CompletableFuture<Void> trackNode(
            String name, RedisURI uri, StatefulRedisClusterConnection<byte[], byte[]> cluster) {
        return cluster.getConnectionAsync(uri.getHost(), uri.getPort())
                .thenCompose(it -> keepTracking(name, it))
                .exceptionally(failure -> {
                    trackLater(name, uri, cluster);
                    return null;
                });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it tries again by itself
    private void trackLater(String name, RedisURI uri, StatefulRedisClusterConnection<byte[], byte[]> cluster) {
        if (!closed && servers.containsKey(name)) {
            client.getResources()
                    .eventExecutorGroup()
                    .schedule(() -> trackNode(name, uri, cluster), RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Whoever has connected loses nothing by the tracking that only begins then. */
    private void awaitFirst(CompletionStage<Void> begun) {
        try {
            begun.toCompletableFuture().get(CONNECT_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOGGER.warn("redis does not say yet whether it tells of changes: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A connection that comes back has forgotten that it tracked. */
    private CompletionStage<Void> keepTracking(String server, StatefulRedisConnection<byte[], byte[]> connection) {
        AtomicBoolean asked = new AtomicBoolean(true);
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
                // Tells of the first connection too, now and then: to ask twice would forget all answers again.
                if (asked.compareAndSet(false, true)) {
                    track(server, connection);
                }
            }

            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                asked.set(false);
                tells(server, false);
            }
        });
        return track(server, connection);
    }

    /** Ends, without a failure, when it is known whether changes are heard of. */
    private CompletionStage<Void> track(String server, StatefulRedisConnection<byte[], byte[]> connection) {
        return connection.async().clientTracking(tracking).handle((ok, failure) -> {
            if (failure != null && !closed) {
                LOGGER.warn(
                        "redis does not tell of changes, so answers stay in memory for a second only: {}",
                        failure.toString());
            }
            tells(server, failure == null);
            return null;
        });
    }

    private void tells(String server, boolean ofChanges) {
        servers.replace(server, ofChanges);
        listener.onGap();
    }

    /** Whether every change is heard of. */
    boolean hearsAll() {
        return !servers.isEmpty() && !servers.containsValue(false);
    }

    /** Where reads go. */
    RedisClusterAsyncCommands<byte[], byte[]> reads() {
        return reads;
    }

    /** Where changes go, in their order; one's own are not heard of. */
    RedisClusterAsyncCommands<byte[], byte[]> changes() {
        return changes;
    }

    @Override
    public void close() {
        closed = true;
        unsubscribe.run();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
