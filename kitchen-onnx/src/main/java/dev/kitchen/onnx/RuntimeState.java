package dev.kitchen.onnx;

import ai.onnxruntime.OrtEnvironment;
import java.lang.reflect.Field;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether somebody else in this class loader, such as DJL, was faster to load ONNX Runtime. */
final class RuntimeState {

    private static final Logger LOGGER = LoggerFactory.getLogger(RuntimeState.class);

    private RuntimeState() {}

    /** Loads nothing. Where it cannot know, it says no, and only some work is done in vain. */
    static boolean isLoaded() {
        try {
            Field loaded = type().getDeclaredField("loaded");
            loaded.setAccessible(true);
            return loaded.getBoolean(null);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            LOGGER.debug("cannot tell whether ONNX Runtime is loaded", e);
            return false;
        }
    }

    /** The package-private class that loads the libraries; to initialise it loads none. */
    static Class<?> type() throws ClassNotFoundException {
        return Class.forName("ai.onnxruntime.OnnxRuntime", true, loader());
    }

    /** The one that ONNX Runtime's classes and libraries come from. */
    static ClassLoader loader() {
        ClassLoader loader = OrtEnvironment.class.getClassLoader();
        return loader == null ? ClassLoader.getSystemClassLoader() : loader;
    }
}
