package dev.kitchen.telemetry;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.observe.BatchEvent;
import dev.kitchen.observe.BreakerEvent;
import dev.kitchen.observe.CacheEvent;
import dev.kitchen.observe.CloseEvent;
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
import org.jspecify.annotations.Nullable;

/**
 * Writes events into a recording of the JDK's flight recorder, under {@code dev.kitchen}: what takes time with its start and
 * duration.
 */
final class FlightRecords {

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

        void commit(String ofModel, String ofVersion, Optional<? extends Throwable> thrown) {
            if (shouldCommit()) {
                model = ofModel;
                version = ofVersion;
                failure = thrown.map(ForeignCode::describe).orElse("");
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

        @Label("Request Id")
        String requestId = "";

        @Label("Replaced Failure")
        String replaced = "";
    }

    @Name("dev.kitchen.Load")
    @Label("Model Load")
    static final class LoadRecord extends Entry {}

    @Name("dev.kitchen.Close")
    @Label("Model Close")
    static final class CloseRecord extends Entry {

        @Label("Terminated Runs")
        int terminatedRuns;

        @Label("Leaked")
        boolean leaked;
    }

    @Name("dev.kitchen.Swap")
    @Label("Version Swap")
    static final class SwapRecord extends Entry {

        @Label("Version Before")
        String from = "";

        @Label("Generation")
        long generation;
    }

    @Name("dev.kitchen.Registry")
    @Label("Registry Operation")
    static final class RegistryRecord extends Entry {

        @Label("Operation")
        String operation = "";
    }

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

        @Label("Failures")
        int failures;

        @Label("Calls")
        int calls;
    }

    @Name("dev.kitchen.Batch")
    @Label("Batched Run")
    static final class BatchRecord extends Entry {

        @Label("Rows")
        int rows;

        @Label("Requests")
        int requests;
    }

    /** Begins an entry for an event of this class. */
    static Entry begin(Class<?> event) {
        Entry entry = entry(event);
        entry.begin();
        return entry;
    }

    private static Entry entry(Class<?> event) {
        if (event == PredictionEvent.class) {
            return new PredictionRecord();
        } else if (event == CacheEvent.class) {
            return new CacheRecord();
        } else if (event == BatchEvent.class) {
            return new BatchRecord();
        } else if (event == LoadEvent.class) {
            return new LoadRecord();
        } else if (event == RegistryEvent.class) {
            return new RegistryRecord();
        } else if (event == CloseEvent.class) {
            return new CloseRecord();
        }
        return event == SwapEvent.class ? new SwapRecord() : new BreakerRecord();
    }

    /** Ends an entry that was begun, or writes one without a duration. */
    static void commit(@Nullable Object begun, Object event) {
        Entry entry = begun instanceof Entry known ? known : entry(event.getClass());
        if (entry instanceof PredictionRecord record && event instanceof PredictionEvent it) {
            record.ran = it.runNanos();
            record.rows = it.rows();
            record.requestId = it.requestId().orElse("");
            record.replaced = it.replaced().map(ForeignCode::describe).orElse("");
            record.commit(it.model(), it.version(), it.failure());
        } else if (entry instanceof CacheRecord record && event instanceof CacheEvent it) {
            record.hit = it.hit();
            record.commit(it.model(), it.version(), it.failure());
        } else if (entry instanceof BatchRecord record && event instanceof BatchEvent it) {
            record.rows = it.rows();
            record.requests = it.requests();
            record.commit(it.model(), it.version(), Optional.empty());
        } else if (entry instanceof LoadRecord && event instanceof LoadEvent it) {
            entry.commit(it.model(), it.version(), it.failure());
        } else if (entry instanceof RegistryRecord record && event instanceof RegistryEvent it) {
            record.operation = it.operation();
            record.commit(it.model(), "", it.failure());
        } else {
            commitMoment(entry, event);
        }
    }

    private static void commitMoment(Entry entry, Object event) {
        if (entry instanceof CloseRecord record && event instanceof CloseEvent it) {
            record.terminatedRuns = it.terminatedRuns();
            record.leaked = it.leaked();
            record.commit(it.model(), it.version(), Optional.empty());
        } else if (entry instanceof SwapRecord record && event instanceof SwapEvent it) {
            record.from = it.from().orElse("");
            record.generation = it.generation();
            record.commit(it.model(), it.to().orElse(""), Optional.empty());
        } else if (entry instanceof BreakerRecord record && event instanceof BreakerEvent it) {
            record.from = it.from().name();
            record.to = it.to().name();
            record.failures = it.failures();
            record.calls = it.calls();
            record.commit(it.model(), it.version(), Optional.empty());
        }
    }
}
