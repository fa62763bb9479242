package dev.kitchen.batch;

import dev.kitchen.base.Checks;
import dev.kitchen.error.ConfigurationException;
import java.time.Duration;
import java.util.Optional;

/**
 * How concurrent calls are grouped into one run of the model. Immutable.
 *
 * <pre>{@code
 * EndpointOptions.builder().batching(BatchingConfig.builder().maxItems(64).build()).build()
 * }</pre>
 *
 * <p>By default a call waits only while as many runs are under way as may be, and the calls that have queued by then run
 * together. A call that finds no other waiting runs at once, on its own thread.
 *
 * <p>A call joins others if its inputs differ from theirs at most in their first dimension and it requests the same
 * outputs. A request that fails, expires or is cancelled leaves the others of its batch as they are. Only versions whose
 * rows are proven to be independent are batched; see {@code Endpoint.batchingRefusal}.
 */
public final class BatchingConfig {

    private static final BatchingConfig DEFAULTS = builder().build();

    private final Duration delay;
    private final Optional<Duration> targetLatency;
    private final int maxItems;
    private final long maxBytes;
    private final int maxQueued;
    private final int concurrentRuns;
    private final Duration aloneBelow;
    private final double checkedShare;

    private BatchingConfig(Builder builder) {
        this.delay = builder.delay;
        this.targetLatency = builder.targetLatency;
        this.maxItems = builder.maxItems;
        this.maxBytes = builder.maxBytes;
        this.maxQueued = builder.maxQueued;
        this.concurrentRuns = builder.concurrentRuns;
        this.aloneBelow = builder.aloneBelow;
        this.checkedShare = builder.checkedShare;
    }

    /** Returns the configuration with all defaults. */
    public static BatchingConfig defaults() {
        return DEFAULTS;
    }

    /** Returns a builder with all defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with the settings of this configuration. */
    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.delay = delay;
        copy.targetLatency = targetLatency;
        copy.maxItems = maxItems;
        copy.maxBytes = maxBytes;
        copy.maxQueued = maxQueued;
        copy.concurrentRuns = concurrentRuns;
        copy.aloneBelow = aloneBelow;
        copy.checkedShare = checkedShare;
        return copy;
    }

    /** How long a call waits for others; zero where it waits only while runs are under way. */
    public Duration delay() {
        return delay;
    }

    /** The latency of a run that the size of batches adapts to; empty where the size does not change. */
    public Optional<Duration> targetLatency() {
        return targetLatency;
    }

    /** The most rows of one batch. */
    public int maxItems() {
        return maxItems;
    }

    /** The most bytes of the inputs of one batch. */
    public long maxBytes() {
        return maxBytes;
    }

    /** The most calls that wait to be batched. */
    public int maxQueued() {
        return maxQueued;
    }

    /** The most runs at once. */
    public int concurrentRuns() {
        return concurrentRuns;
    }

    /** The duration of a typical run below which calls are not batched. */
    public Duration aloneBelow() {
        return aloneBelow;
    }

    /** The share of the batches that is checked, from 0 to 1. */
    public double checkedShare() {
        return checkedShare;
    }

    /** Collects settings; not thread-safe. */
    public static final class Builder {

        private Duration delay = Duration.ZERO;
        private Optional<Duration> targetLatency = Optional.empty();
        private int maxItems = 32;
        private long maxBytes = 64L << 20;
        private int maxQueued = 1_000;
        private int concurrentRuns = Runtime.getRuntime().availableProcessors();
        private Duration aloneBelow = Duration.ofNanos(100_000);
        private double checkedShare = 0.001;

        private Builder() {}

        /**
         * Makes a call wait for others until this time has passed or a batch is full, but for no more than half of the
         * time that it has left, and never for more than 10 seconds. If unset, zero: a call waits only while runs are under
         * way. Combine it with {@link #aloneBelow} of zero to batch the calls of a fast model, too.
         *
         * @param longest zero or more; more than 10 seconds count as 10
         */
        public Builder delay(Duration longest) {
            this.delay = longest;
            return this;
        }

        /**
         * Lets the size of batches grow by one row as long as 99 of the last 100 runs took no longer than this, and shrink
         * by a tenth where they took longer. The size starts with 1 and never exceeds {@link #maxItems}. If unset, the size
         * does not change.
         *
         * @param target longer than zero
         */
        public Builder targetLatency(Duration target) {
            this.targetLatency = Optional.of(target);
            return this;
        }

        /**
         * Limits the rows of one batch; a request with more rows runs alone. If unset, 32.
         *
         * @param rows 1 or more
         */
        public Builder maxItems(int rows) {
            this.maxItems = rows;
            return this;
        }

        /**
         * Limits the bytes of the inputs of one batch; a request with more bytes runs alone. If unset, 64 MiB.
         *
         * @param bytes 1 or more
         */
        public Builder maxBytes(long bytes) {
            this.maxBytes = bytes;
            return this;
        }

        /**
         * Limits the calls that wait to be batched; further calls are rejected at once. If unset, 1,000.
         *
         * @param calls 1 or more
         */
        public Builder maxQueued(int calls) {
            this.maxQueued = calls;
            return this;
        }

        /**
         * Limits the runs that are under way at once. If unset, as many as there are CPUs; 1 makes the largest batches, and
         * is right where one run keeps all CPUs, or a device, busy.
         *
         * @param runs 1 or more
         */
        public Builder concurrentRuns(int runs) {
            this.concurrentRuns = runs;
            return this;
        }

        /**
         * Does not batch the calls of a model whose typical run is shorter than this, because passing a call to another
         * thread costs more than its run. Until the duration is known, a model counts as slow. If unset, 100 µs.
         *
         * @param run zero or more; zero batches always
         */
        public Builder aloneBelow(Duration run) {
            this.aloneBelow = run;
            return this;
        }

        /**
         * Checks a share of the batches while the version serves: their requests are run again, each alone, on a thread of
         * the kitchen, and the answers are compared. The first difference ends batching for the version, is logged, and
         * makes the health of the kitchen {@code DEGRADED}. At most one batch of a version is checked at a time; others
         * that come meanwhile are not checked. If unset, 0.001.
         *
         * @param share from 0, which checks none, to 1, which checks every batch
         */
        public Builder checkedShare(double share) {
            this.checkedShare = share;
            return this;
        }

        /**
         * Returns the configuration.
         *
         * @throws ConfigurationException naming every setting that is out of its range
         */
        public BatchingConfig build() {
            Checks checks = new Checks("batching");
            checks.require(!delay.isNegative(), "delay", delay, "zero or more");
            targetLatency.ifPresent(target -> checks.requirePositive("targetLatency", target));
            checks.requireAtLeast("maxItems", maxItems, 1);
            checks.requireAtLeast("maxBytes", maxBytes, 1L);
            checks.requireAtLeast("maxQueued", maxQueued, 1);
            checks.requireAtLeast("concurrentRuns", concurrentRuns, 1);
            checks.require(!aloneBelow.isNegative(), "aloneBelow", aloneBelow, "zero or more");
            checks.require(checkedShare >= 0 && checkedShare <= 1, "checkedShare", checkedShare, "0 to 1");
            checks.throwIfAny();
            return new BatchingConfig(this);
        }
    }
}
