package dev.kitchen.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.observe.BatchEvent;
import dev.kitchen.observe.BreakerEvent;
import dev.kitchen.observe.BreakerState;
import dev.kitchen.observe.CacheEvent;
import dev.kitchen.observe.CloseEvent;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.observe.LoadEvent;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.observe.RegistryEvent;
import dev.kitchen.observe.SwapEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SafeListenerTest {

    private static final CloseEvent CLOSE = new CloseEvent("m", "1", 0, false);

    private final List<Object> told = new ArrayList<>();

    /** Passes on every event. */
    private record Forwarding(Consumer<Object> to) implements KitchenListener {

        @Override
        public void onPrediction(PredictionEvent event) {
            to.accept(event);
        }

        @Override
        public void onLoad(LoadEvent event) {
            to.accept(event);
        }

        @Override
        public void onClose(CloseEvent event) {
            to.accept(event);
        }

        @Override
        public void onSwap(SwapEvent event) {
            to.accept(event);
        }

        @Override
        public void onCache(CacheEvent event) {
            to.accept(event);
        }

        @Override
        public void onRegistry(RegistryEvent event) {
            to.accept(event);
        }

        @Override
        public void onBatch(BatchEvent event) {
            to.accept(event);
        }

        @Override
        public void onBreaker(BreakerEvent event) {
            to.accept(event);
        }
    }

    @Test
    void everyListenerHearsOfEveryEvent() {
        SafeListener safe = new SafeListener(List.of(new Forwarding(told::add), new Forwarding(told::add)));
        PredictionEvent prediction = PredictionEvent.builder("m", "1").build();
        LoadEvent load = new LoadEvent("m", "1", 1, Optional.empty());
        SwapEvent swap = new SwapEvent("m", Optional.empty(), Optional.of("1"), 1);
        CacheEvent cache = new CacheEvent("m", "1", true, 1, Optional.empty());
        RegistryEvent registry = new RegistryEvent("deploy", "m", 1, Optional.empty());
        BatchEvent batch = new BatchEvent("m", "1", 1, 1, 1);
        BreakerEvent breaker = new BreakerEvent("m", "1", BreakerState.OPEN, BreakerState.CLOSED, 1, 1);

        safe.onPrediction(prediction);
        safe.onLoad(load);
        safe.onClose(CLOSE);
        safe.onSwap(swap);
        safe.onCache(cache);
        safe.onRegistry(registry);
        safe.onBatch(batch);
        safe.onBreaker(breaker);

        assertThat(told)
                .containsExactly(
                        prediction,
                        prediction,
                        load,
                        load,
                        CLOSE,
                        CLOSE,
                        swap,
                        swap,
                        cache,
                        cache,
                        registry,
                        registry,
                        batch,
                        batch,
                        breaker,
                        breaker);
    }

    @Test
    void aListenerThatThrowsKeepsNothingFromTheNext() {
        Forwarding failing = new Forwarding(event -> {
            throw new AssertionError("out of order");
        });
        SafeListener safe = new SafeListener(List.of(failing, new Forwarding(told::add)));

        safe.onClose(CLOSE);

        assertThat(told).containsExactly(CLOSE);
        assertThat(safe.isTelling()).isFalse();
    }

    @Test
    void knowsWhetherTheThreadIsInsideAListenerAlsoAfterOneInsideAnother() {
        SafeListener[] safe = new SafeListener[1];
        AtomicBoolean inside = new AtomicBoolean();
        safe[0] = new SafeListener(List.of(new Forwarding(event -> {
            told.add(safe[0].isTelling());
            if (inside.compareAndSet(false, true)) {
                safe[0].onClose(CLOSE);
                told.add(safe[0].isTelling());
            }
        })));
        assertThat(safe[0].isTelling()).isFalse();

        safe[0].onClose(CLOSE);

        assertThat(told).containsExactly(true, true, true);
        assertThat(safe[0].isTelling()).isFalse();
    }

    @Test
    void isNotEmptyWhereSomebodyListens() {
        assertThat(new SafeListener(List.of(new Forwarding(told::add))).isEmpty())
                .isFalse();
    }
}
