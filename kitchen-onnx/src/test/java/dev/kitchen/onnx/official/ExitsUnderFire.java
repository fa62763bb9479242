package dev.kitchen.onnx.official;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.concurrent.CountDownLatch;

/** Calls {@code System.exit(7)} while other threads run a model and create sessions. */
final class ExitsUnderFire {

    static final int EXIT_CODE = 7;

    private static final int THREADS = 4;

    private ExitsUnderFire() {}

    public static void main(String[] arguments) throws Exception {
        OrtEnvironment environment = OnnxEnvironment.get();
        OrtSession session = environment.createSession(IdentityModel.bytes());
        CountDownLatch underFire = new CountDownLatch(THREADS);
        for (int index = 0; index < THREADS; index++) {
            boolean runs = index == 0;
            Thread thread = new Thread(() -> fire(environment, session, runs, underFire));
            thread.setDaemon(true);
            thread.start();
        }
        underFire.await();
        System.exit(EXIT_CODE);
    }

    private static void fire(OrtEnvironment environment, OrtSession session, boolean runs, CountDownLatch underFire) {
        try {
            for (long round = 0; ; round++) {
                if (runs) {
                    IdentityModel.run(environment, session, 1f);
                } else {
                    environment.createSession(IdentityModel.bytes()).close();
                }
                if (round == 20) {
                    underFire.countDown();
                }
            }
        } catch (OrtException e) {
            System.out.println("failed while exiting: " + e);
        }
    }
}
