package dev.kitchen.onnx.natives;

import ai.onnxruntime.OrtEnvironment;
import java.lang.reflect.Field;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells whether other code in this class loader, such as DJL, has loaded ONNX Runtime already. */
public final class RuntimeState {

    private static final Logger LOGGER = LoggerFactory.getLogger(RuntimeState.class);

    private RuntimeState() {}

    /** Returns whether ONNX Runtime is loaded, without loading it; false if that cannot be told. */
    public static boolean isLoaded() {
        try {
            Field loaded = type().getDeclaredField("loaded");
            loaded.setAccessible(true);
            return loaded.getBoolean(null);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            LOGGER.debug("cannot tell whether ONNX Runtime is loaded", e);
            return false;
        }
    }

    /** Returns ONNX Runtime's package-private class that loads its libraries. Initialising it loads none. */
    public static Class<?> type() throws ClassNotFoundException {
        return Class.forName("ai.onnxruntime.OnnxRuntime", true, loader());
    }

    /** Returns the class loader of ONNX Runtime's classes and libraries. */
    public static ClassLoader loader() {
        ClassLoader loader = OrtEnvironment.class.getClassLoader();
        return loader == null ? ClassLoader.getSystemClassLoader() : loader;
    }
}
