package dev.kitchen.onnx;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.observe.CloseEvent;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.Callers;
import java.nio.file.Path;
import java.time.Duration;

/** Ends the JVM while callers are inside a slow model, and never closes its kitchen. Argument: the model. */
final class ExitsWhileBusy {

    static final int EXIT_CODE = 3;

    private ExitsWhileBusy() {}

    public static void main(String[] arguments) throws InterruptedException {
        Kitchen kitchen = Kitchen.builder()
                .models(Path.of(arguments[0]))
                .drainLimit(Duration.ofMillis(100))
                .listener(new KitchenListener() {
                    @Override
                    public void onClose(CloseEvent event) {
                        System.out.printf("closed terminated=%d leaked=%s%n", event.terminatedRuns(), event.leaked());
                    }
                })
                .open();
        Endpoint endpoint = kitchen.endpoint("slow");
        Tensor x = Tensor.of(new float[256 * 256], 256, 256);
        Callers callers = Callers.start(2, (caller, started) -> {
            started.run();
            try {
                while (true) {
                    endpoint.predict("x", x);
                }
            } catch (NotReadyException e) {
                System.out.println("refused");
            }
        });
        callers.awaitStarted();
        System.exit(EXIT_CODE);
    }
}
