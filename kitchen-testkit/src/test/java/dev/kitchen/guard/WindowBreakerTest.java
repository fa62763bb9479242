package dev.kitchen.guard;

import dev.kitchen.observe.KitchenListener;
import dev.kitchen.predict.ModelArtifact;
import dev.kitchen.predict.Ticker;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.testkit.CircuitBreakerContract;
import java.time.Duration;
import java.util.List;

class WindowBreakerTest extends CircuitBreakerContract {

    @Override
    protected CircuitBreaker afterFailures(int count, Duration openDuration, Ticker clock) {
        ModelArtifact artifact = new ModelArtifact("m", "1", "x", ModelSignature.of(List.of(), List.of()));
        return CircuitBreaking.afterFailures(count)
                .openFor(openDuration)
                .breaker(artifact, clock, new KitchenListener() {})
                .orElseThrow();
    }
}
