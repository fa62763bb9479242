package dev.kitchen.stage;

import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.KitchenThreads;
import dev.kitchen.runtime.WaitingCalls;
import dev.kitchen.session.Predictor;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.telemetry.CallStatistics;
import dev.kitchen.telemetry.SafeListener;
import dev.kitchen.tensor.ModelSignature;
import java.util.function.UnaryOperator;

/**
 * What stages know of the version they are wrapped around, and of its kitchen.
 *
 * @param calls where the calls of the version are counted
 * @param leased makes a predictor keep the version in memory while it runs, for runs that no caller waits for; it throws
 *     {@code NotReadyException} once the version is retired
 */
public record StageContext(
        VersionIdentity version,
        ModelSignature signature,
        Ticker ticker,
        KitchenThreads threads,
        SafeListener listener,
        CallStatistics calls,
        UnaryOperator<Predictor> leased) {

    /** The version, as the start of a message. */
    public String place() {
        return version.place();
    }

    /** Where calls wait. */
    public WaitingCalls waiting() {
        return threads.waiting();
    }
}
