package dev.kitchen.batch;

import dev.kitchen.base.Nanos;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.predict.ModelArtifact;
import dev.kitchen.predict.Predictor;
import dev.kitchen.predict.Ticker;
import dev.kitchen.predict.Waiting;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * How concurrent calls are put together into one run of the model. Immutable; each method returns a changed copy.
 *
 * <pre>{@code
 * EndpointOptions.builder().batching(Batching.natural().maxItems(64)).build()
 * }</pre>
 *
 * <p>A call joins others if its inputs differ from theirs in their first dimension at most and it asks for the same
 * outputs. A request that fails, expires or is cancelled leaves the others of its batch as they are. Only versions whose
 * rows are proven to be independent are batched; see {@code Endpoint.batchingRefusal}.
 */
public final class Batching {

    /** A call without a time limit waits no longer for others, who may never come. */
    private static final long LONGEST_DELAY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Duration delay;
    private final Optional<Duration> targetLatency;
    private final int maxItems;
    private final long maxBytes;
    private final int maxQueued;
    private final int concurrentRuns;
    private final Duration aloneBelow;
    private final double checkedShare;

    private Batching(Draft draft) {
        this.delay = draft.delay;
        this.targetLatency = draft.targetLatency;
        this.maxItems = draft.maxItems;
        this.maxBytes = draft.maxBytes;
        this.maxQueued = draft.maxQueued;
        this.concurrentRuns = draft.concurrentRuns;
        this.aloneBelow = draft.aloneBelow;
        this.checkedShare = draft.checkedShare;
    }

    /** What is being put together. */
    private static final class Draft {

        private Duration delay = Duration.ZERO;
        private Optional<Duration> targetLatency = Optional.empty();
        private int maxItems = 32;
        private long maxBytes = 64L << 20;
        private int maxQueued = 1_000;
        private int concurrentRuns = Runtime.getRuntime().availableProcessors();
        private Duration aloneBelow = Duration.ofNanos(100_000);
        private double checkedShare = 0.001;
    }

    /**
     * Calls wait only while as many runs are under way as may be, and what has queued meanwhile goes together. A call that
     * finds nobody waiting runs by itself, at once, on its own thread; so do all calls of a model that is quicker than
     * {@link #aloneBelow}.
     */
    public static Batching natural() {
        return new Batching(new Draft());
    }

    /**
     * A call waits for others until this time has passed or a batch is full, but for no more than half of the time that it
     * has, and never for more than 10 seconds. Every call is batched, also of a model so quick that it costs more than it
     * brings.
     *
     * @param delay longer than zero; more than 10 seconds count as 10
     */
    public static Batching delayed(Duration delay) {
        if (delay.isZero() || delay.isNegative()) {
            throw new ConfigurationException("batching: delay is " + delay + ", expected more than zero");
        }
        Draft draft = new Draft();
        draft.delay = delay;
        draft.aloneBelow = Duration.ZERO;
        return new Batching(draft);
    }

    private Draft copy() {
        Draft copy = new Draft();
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

    /**
     * Lets the size of batches grow by an item as long as 99 of the last 100 runs took no longer than this, and shrink by
     * a tenth where not. Begins with 1; {@link #maxItems} holds. If unset, the size does not change.
     */
    public Batching targetLatency(Duration target) {
        if (target.isZero() || target.isNegative()) {
            throw new ConfigurationException("batching: targetLatency is " + target + ", expected more than zero");
        }
        Draft copy = copy();
        copy.targetLatency = Optional.of(target);
        return new Batching(copy);
    }

    /** The most rows of one batch, whoever they belong to; a request with more runs by itself. If unset, 32. */
    public Batching maxItems(int items) {
        Draft copy = copy();
        copy.maxItems = (int) requirePositive("maxItems", items);
        return new Batching(copy);
    }

    /** The most bytes of one batch's inputs; a request with more runs by itself. If unset, 64 MiB. */
    public Batching maxBytes(long bytes) {
        Draft copy = copy();
        copy.maxBytes = requirePositive("maxBytes", bytes);
        return new Batching(copy);
    }

    /** The most calls that wait to be batched; the next ones are rejected at once. If unset, 1,000. */
    public Batching maxQueued(int calls) {
        Draft copy = copy();
        copy.maxQueued = (int) requirePositive("maxQueued", calls);
        return new Batching(copy);
    }

    /**
     * How many runs may be under way at once. If unset, as many as there are CPUs; 1 makes the largest batches, and is
     * right where one run keeps all CPUs, or a device, busy.
     */
    public Batching concurrentRuns(int runs) {
        Draft copy = copy();
        copy.concurrentRuns = (int) requirePositive("concurrentRuns", runs);
        return new Batching(copy);
    }

    /**
     * Calls of a model whose typical run is shorter than this are not batched, as handing a call to another thread would
     * cost more than its run. Until it is known, a model counts as slow. If unset, 100 µs; zero batches always.
     */
    public Batching aloneBelow(Duration run) {
        if (run.isNegative()) {
            throw new ConfigurationException("batching: aloneBelow is " + run + ", expected zero or more");
        }
        Draft copy = copy();
        copy.aloneBelow = run;
        return new Batching(copy);
    }

    /**
     * Which share of the batches is checked while the version serves: their requests are run again, each alone, on a thread
     * of the kitchen, and the answers compared. The first that differs ends batching for the version, is logged, and makes
     * the kitchen's health {@code DEGRADED}. One batch of a version is checked at a time; what comes meanwhile is not. If
     * unset, 0.001; 0 checks none, 1 checks every batch.
     *
     * @param share from 0 to 1
     */
    public Batching checkedShare(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new ConfigurationException("batching: checkedShare is " + share + ", expected 0 to 1");
        }
        Draft copy = copy();
        copy.checkedShare = share;
        return new Batching(copy);
    }

    private static long requirePositive(String name, long value) {
        if (value < 1) {
            throw new ConfigurationException("batching: " + name + " is " + value + ", expected 1 or more");
        }
        return value;
    }

    /**
     * Puts batching in front of a version.
     *
     * @param waiting how calls wait for their batch
     * @param threads make those that run the batches; they end some time after {@link BatchingPredictor#close}
     * @param batchedRows gets the rows of each run that several calls share
     * @param listener who hears of each run; asked each time, empty where nobody listens
     * @param check checks some of the batches
     */
    public BatchingPredictor before(
            Predictor next,
            ModelArtifact artifact,
            Waiting waiting,
            Ticker ticker,
            ThreadFactory threads,
            LongConsumer batchedRows,
            Supplier<Optional<KitchenListener>> listener,
            BatchCheck check) {
        BatchReport report = new BatchReport(artifact, batchedRows, listener);
        return new BatchingPredictor(this, next, artifact, waiting, ticker, threads, report, check);
    }

    boolean isNatural() {
        return delay.isZero();
    }

    long delayNanos() {
        return Math.min(Nanos.of(delay), LONGEST_DELAY_NANOS);
    }

    BatchSize size() {
        return new BatchSize(maxItems, targetLatency);
    }

    /** The most rows of one batch. */
    public int maxItems() {
        return maxItems;
    }

    /** The most bytes of one batch's inputs. */
    public long maxBytes() {
        return maxBytes;
    }

    int maxQueued() {
        return maxQueued;
    }

    int concurrentRuns() {
        return concurrentRuns;
    }

    double checkedShare() {
        return checkedShare;
    }

    long aloneBelowNanos() {
        return Nanos.of(aloneBelow);
    }
}
