package dev.kitchen.serving;

import dev.kitchen.observe.BatchEvent;
import dev.kitchen.observe.BreakerEvent;
import dev.kitchen.observe.CacheEvent;
import dev.kitchen.observe.CloseEvent;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.observe.LoadEvent;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.observe.RegistryEvent;
import dev.kitchen.observe.SwapEvent;
import java.util.Optional;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** Writes events into a recording of the JDK's flight recorder, under {@code dev.kitchen}. */
final class FlightRecords implements KitchenListener {

    /** What all have in common. Fields are read by the recorder. */
    @Category("Kitchen")
    @StackTrace(false)
    abstract static class Entry extends Event {

        @Label("Model")
        String model = "";

        @Label("Version")
        String version = "";

        @Label("Failure")
        String failure = "";

        @Timespan(Timespan.NANOSECONDS)
        @Label("Took")
        long took;

        void commit(String ofModel, String ofVersion, long nanos, Optional<? extends Throwable> thrown) {
            if (shouldCommit()) {
                model = ofModel;
                version = ofVersion;
                took = nanos;
                failure = thrown.map(Throwable::toString).orElse("");
                commit();
            }
        }
    }

    @Name("dev.kitchen.Prediction")
    @Label("Prediction")
    static final class PredictionRecord extends Entry {

        @Timespan(Timespan.NANOSECONDS)
        @Label("Ran")
        long ran;

        @Label("Rows")
        int rows;
    }

    @Name("dev.kitchen.Load")
    @Label("Model Load")
    static final class LoadRecord extends Entry {}

    @Name("dev.kitchen.Close")
    @Label("Model Close")
    static final class CloseRecord extends Entry {}

    @Name("dev.kitchen.Swap")
    @Label("Version Swap")
    static final class SwapRecord extends Entry {}

    @Name("dev.kitchen.Registry")
    @Label("Registry Operation")
    static final class RegistryRecord extends Entry {}

    @Name("dev.kitchen.Cache")
    @Label("Cache Lookup")
    static final class CacheRecord extends Entry {

        @Label("Hit")
        boolean hit;
    }

    @Name("dev.kitchen.Breaker")
    @Label("Circuit Breaker Change")
    static final class BreakerRecord extends Entry {

        @Label("From")
        String from = "";

        @Label("To")
        String to = "";
    }

    @Name("dev.kitchen.Batch")
    @Label("Batched Run")
    static final class BatchRecord extends Entry {

        @Label("Rows")
        int rows;

        @Label("Requests")
        int requests;
    }

    @Override
    public void onPrediction(PredictionEvent event) {
        PredictionRecord entry = new PredictionRecord();
        entry.ran = event.runNanos();
        entry.rows = event.rows();
        entry.commit(event.model(), event.version(), event.durationNanos(), event.failure());
    }

    @Override
    public void onLoad(LoadEvent event) {
        new LoadRecord().commit(event.model(), event.version(), event.durationNanos(), event.failure());
    }

    @Override
    public void onClose(CloseEvent event) {
        new CloseRecord().commit(event.model(), event.version(), 0, Optional.empty());
    }

    @Override
    public void onSwap(SwapEvent event) {
        new SwapRecord().commit(event.model(), event.to().orElse(""), 0, Optional.empty());
    }

    @Override
    public void onRegistry(RegistryEvent event) {
        new RegistryRecord().commit(event.model(), event.operation(), event.durationNanos(), event.failure());
    }

    @Override
    public void onCache(CacheEvent event) {
        CacheRecord entry = new CacheRecord();
        entry.hit = event.hit();
        entry.commit(event.model(), event.version(), event.durationNanos(), event.failure());
    }

    @Override
    public void onBreaker(BreakerEvent event) {
        BreakerRecord entry = new BreakerRecord();
        entry.from = event.from().name();
        entry.to = event.to().name();
        entry.commit(event.model(), event.version(), 0, Optional.empty());
    }

    @Override
    public void onBatch(BatchEvent event) {
        BatchRecord entry = new BatchRecord();
        entry.rows = event.rows();
        entry.requests = event.requests();
        entry.commit(event.model(), event.version(), event.durationNanos(), Optional.empty());
    }
}
