package dev.kitchen.stage.guarding;

import dev.kitchen.guard.CircuitBreaker;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.predict.Ticker;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.testkit.CircuitBreakerContract;
import java.time.Duration;

class WindowBreakerTest extends CircuitBreakerContract {

    @Override
    protected CircuitBreaker afterFailures(int count, Duration openDuration, Ticker clock) {
        CircuitBreakerConfig config = CircuitBreakerConfig.afterFailures(count).toBuilder()
                .openDuration(openDuration)
                .build();
        return new WindowBreaker(new VersionIdentity("m", "1", "x"), config, clock, new KitchenListener() {});
    }
}
