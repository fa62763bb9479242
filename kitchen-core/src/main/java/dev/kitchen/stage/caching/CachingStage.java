package dev.kitchen.stage.caching;

import dev.kitchen.cache.CacheConfig;
import dev.kitchen.session.AnswerCheck;
import dev.kitchen.session.Predictor;
import dev.kitchen.stage.Stage;
import dev.kitchen.stage.StageContext;

/** Answers equal requests from a cache, and lets those that arrive together share one run. */
public record CachingStage(CacheConfig config) implements Stage {

    @Override
    public Predictor wrap(Predictor next, StageContext context) {
        AnswerCheck check = new AnswerCheck(context.signature());
        KeptAnswers answers = new KeptAnswers(config, context.version(), context.ticker(), context.listener(), check);
        SingleFlight flights = new SingleFlight(
                next, answers, context.waiting(), context.threads().sharedRuns(), context.ticker());
        return new CachingPredictor(next, answers, flights, context.ticker());
    }
}
