package dev.kitchen.stage.guarding;

import dev.kitchen.base.Nanos;
import dev.kitchen.guard.AdmissionConfig;
import dev.kitchen.session.Predictor;
import dev.kitchen.stage.Stage;
import dev.kitchen.stage.StageContext;
import java.util.Optional;

/** Limits how many calls run and wait at once. */
public record AdmissionStage(AdmissionConfig config) implements Stage {

    @Override
    public Predictor wrap(Predictor next, StageContext context) {
        if (config.equals(AdmissionConfig.unlimited())) {
            return next;
        }
        int most = config.maxConcurrentRuns();
        Optional<AdaptiveLimit> adaptive =
                config.targetLatency().map(target -> new AdaptiveLimit(most, Nanos.of(target)));
        RunPermits permits = new RunPermits(context.place(), most, config.maxQueued(), adaptive);
        return new PermitPredictor(next, permits, context.place(), context.waiting(), context.ticker());
    }
}
