package dev.kitchen.serving;

import dev.kitchen.pipeline.PipelineSettings;
import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.KitchenThreads;
import dev.kitchen.runtime.OpenState;
import dev.kitchen.session.SessionContext;
import dev.kitchen.telemetry.SafeListener;
import java.util.function.Function;

/**
 * What all loaded versions of a kitchen share.
 *
 * @param settings returns the configured stages of a model
 */
public record ServingContext(
        Ticker ticker,
        KitchenThreads threads,
        SafeListener listener,
        OpenState open,
        Function<String, PipelineSettings> settings) {

    /** Returns what the runs of a session need. */
    public SessionContext session() {
        return new SessionContext(ticker, threads.watchdog(), listener);
    }
}
