package dev.kitchen.onnx;

import dev.kitchen.BoundCall;
import dev.kitchen.Kitchen;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.onnx.OnnxOptions.Api;
import dev.kitchen.onnx.natives.MappedLibraries;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;

/** Asks a classifier in two ways and says what came of it. Arguments: the model, the API. */
final class AsksOnce {

    static final String JNI_LIBRARY = "libonnxruntime4j_jni.so";

    private AsksOnce() {}

    public static void main(String[] arguments) throws IOException {
        OnnxBackend backend = new OnnxBackend(
                OnnxOptions.builder().api(Api.valueOf(arguments[1])).build());
        try (Kitchen kitchen = Kitchen.builder()
                        .models(Path.of(arguments[0]))
                        .backend(backend)
                        .open();
                BoundCall call = kitchen.endpoint("classifier").bind()) {
            Tensor x = Tensor.of(new float[4], 1, 4);
            x.copyTo(call.input("x"));
            call.run();
            boolean same =
                    kitchen.endpoint("classifier").predict("x", x).tensor("y").equals(call.value("y"));
            System.out.println("same=" + same);
            System.out.println("jni=" + MappedLibraries.find(JNI_LIBRARY).isPresent());
        } catch (ConfigurationException e) {
            System.out.println("failure=" + e.getMessage());
        }
    }
}
