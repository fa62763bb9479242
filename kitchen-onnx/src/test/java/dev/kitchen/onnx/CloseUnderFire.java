package dev.kitchen.onnx;

import dev.kitchen.BoundCall;
import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import dev.kitchen.testkit.Callers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Opens and closes a model again and again while callers use it, and ends with exit code 0. Run in a JVM of its own: a
 * mistake here does not fail, it kills. Arguments: the model, the seconds.
 */
final class CloseUnderFire {

    private static final int CALLERS = 16;
    private static final int INPUTS = 32;
    private static final int LEAST_ANSWERS = 100;

    private CloseUnderFire() {}

    public static void main(String[] arguments) throws Exception {
        Path model = Path.of(arguments[0]);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1]));
        NamedValues[] expected = expected(model);
        AtomicReference<Kitchen> current = new AtomicReference<>(open(model));
        AtomicLong answers = new AtomicLong();
        AtomicLong refusals = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        Callers callers = Callers.start(CALLERS, (caller, started) -> {
            started.run();
            try {
                for (int i = caller; !over.get(); i++) {
                    try {
                        Endpoint endpoint = current.get().endpoint("classifier");
                        NamedValues actual = caller % 4 == 0
                                ? bound(endpoint, input(i % INPUTS))
                                : endpoint.predict("x", input(i % INPUTS)).outputs();
                        if (!actual.equals(expected[i % INPUTS])) {
                            throw new AssertionError("call " + i + " got another's answer: " + actual);
                        }
                        answers.incrementAndGet();
                    } catch (NotReadyException e) {
                        refusals.incrementAndGet();
                    }
                }
            } finally {
                over.set(true);
            }
        });
        callers.awaitStarted();
        long cycles = 0;
        while (!over.get() && (System.nanoTime() < end || cycles < 1 || answers.get() < LEAST_ANSWERS)) {
            current.getAndSet(open(model)).close();
            cycles++;
        }
        over.set(true);
        callers.join();
        current.get().close();
        System.out.printf("answers=%d refusals=%d cycles=%d%n", answers.get(), refusals.get(), cycles);
    }

    private static NamedValues bound(Endpoint endpoint, Tensor input) {
        try (BoundCall call = endpoint.bind()) {
            input.copyTo(call.input("x"));
            call.run();
            return NamedValues.of(List.of("y", "label"), new Value[] {call.value("y"), call.value("label")});
        }
    }

    private static Kitchen open(Path model) {
        return Kitchen.builder().models(model).drainLimit(Duration.ofSeconds(1)).open();
    }

    private static NamedValues[] expected(Path model) {
        NamedValues[] expected = new NamedValues[INPUTS];
        try (Kitchen kitchen = open(model)) {
            for (int i = 0; i < INPUTS; i++) {
                expected[i] =
                        kitchen.endpoint("classifier").predict("x", input(i)).outputs();
            }
        }
        return expected;
    }

    private static Tensor input(int number) {
        float[] data = new float[4];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) Math.sin(number * 4 + i + 1);
        }
        return Tensor.of(data, 1, 4);
    }
}
