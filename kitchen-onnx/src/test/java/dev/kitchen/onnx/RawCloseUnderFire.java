package dev.kitchen.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.util.Map;

/**
 * What Kitchen prevents, in a few lines of ONNX Runtime's own Java API: closing a session while another thread runs it
 * kills the JVM. Argument: the model.
 */
final class RawCloseUnderFire {

    private RawCloseUnderFire() {}

    public static void main(String[] arguments) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OnnxTensor input = OnnxTensor.createTensor(environment, new float[256][256]);
        for (int i = 0; i < 50; i++) {
            OrtSession session = environment.createSession(arguments[0], new OrtSession.SessionOptions());
            Thread caller = new Thread(() -> {
                try (OrtSession.Result result = session.run(Map.of("x", input))) {
                    System.out.println("answered " + result.size());
                } catch (Exception e) {
                    System.out.println("failed " + e);
                }
            });
            caller.start();
            while (caller.getState() == Thread.State.NEW) {
                Thread.onSpinWait();
            }
            session.close();
            caller.join();
        }
        System.out.println("survived");
    }
}
