package dev.kitchen.telemetry;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.observe.BatchEvent;
import dev.kitchen.observe.BreakerEvent;
import dev.kitchen.observe.CacheEvent;
import dev.kitchen.observe.CloseEvent;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.observe.LoadEvent;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.observe.RegistryEvent;
import dev.kitchen.observe.SwapEvent;
import java.util.List;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/** Tells several listeners, and the JDK's flight recorder while it records; logs what they throw. */
public final class SafeListener implements KitchenListener, FlightTimer {

    private static final boolean HAS_RECORDER =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private final List<KitchenListener> listeners;
    private final ThreadLocal<Boolean> telling = new ThreadLocal<>();

    public SafeListener(List<KitchenListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** Whether nobody listens, so that no event need be made. */
    public boolean isEmpty() {
        return listeners.isEmpty() && !isRecording();
    }

    /** Not every run-time image has the recorder. */
    private static boolean isRecording() {
        return HAS_RECORDER && FlightRecorder.isInitialized();
    }

    @Override
    public @Nullable Object begin(Class<?> event) {
        return isRecording() ? Recorder.begin(event) : null;
    }

    @Override
    public void end(@Nullable Object begun, Object event) {
        if (!listeners.isEmpty()) {
            tellAll(event);
        }
        if (isRecording()) {
            ForeignCode.attempt("the flight recorder", () -> Recorder.commit(begun, event));
        }
    }

    /** Loaded only where there is a recorder. */
    private static final class Recorder {

        static Object begin(Class<?> event) {
            return FlightRecords.begin(event);
        }

        static void commit(@Nullable Object begun, Object event) {
            FlightRecords.commit(begun, event);
        }
    }

    private void tellAll(Object event) {
        boolean outermost = !isTelling();
        telling.set(true);
        try {
            for (KitchenListener listener : listeners) {
                tell(listener, event);
            }
        } finally {
            if (outermost) {
                telling.remove();
            }
        }
    }

    /** Whether the calling thread is inside a listener. */
    public boolean isTelling() {
        return telling.get() != null;
    }

    private static void tell(KitchenListener listener, Object event) {
        // Not in words of the event's: its own texts may be foreign, and long.
        ForeignCode.attempt("listener " + listener.getClass().getName(), () -> hand(listener, event));
    }

    private static void hand(KitchenListener listener, Object event) {
        if (event instanceof PredictionEvent it) {
            listener.onPrediction(it);
        } else if (event instanceof CacheEvent it) {
            listener.onCache(it);
        } else if (event instanceof BatchEvent it) {
            listener.onBatch(it);
        } else if (event instanceof BreakerEvent it) {
            listener.onBreaker(it);
        } else if (event instanceof LoadEvent it) {
            listener.onLoad(it);
        } else if (event instanceof CloseEvent it) {
            listener.onClose(it);
        } else if (event instanceof SwapEvent it) {
            listener.onSwap(it);
        } else if (event instanceof RegistryEvent it) {
            listener.onRegistry(it);
        }
    }

    @Override
    public void onPrediction(PredictionEvent event) {
        end(null, event);
    }

    @Override
    public void onLoad(LoadEvent event) {
        end(null, event);
    }

    @Override
    public void onClose(CloseEvent event) {
        end(null, event);
    }

    @Override
    public void onSwap(SwapEvent event) {
        end(null, event);
    }

    @Override
    public void onCache(CacheEvent event) {
        end(null, event);
    }

    @Override
    public void onRegistry(RegistryEvent event) {
        end(null, event);
    }

    @Override
    public void onBatch(BatchEvent event) {
        end(null, event);
    }

    @Override
    public void onBreaker(BreakerEvent event) {
        end(null, event);
    }
}
