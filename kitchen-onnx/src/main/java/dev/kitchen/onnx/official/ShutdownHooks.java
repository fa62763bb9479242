package dev.kitchen.onnx.official;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes back the shutdown hook of ONNX Runtime's Java API. It frees the environment, which is {@linkplain EnvironmentPin
 * pinned} and stays until the process ends; but it would also keep the class loader of a web application in memory that
 * was stopped long ago.
 *
 * <p>The first class loader's hook stays: its class loader keeps the native library mapped, in which ONNX Runtime's threads
 * run. Only class loaders whose library is a hard link to that one can come and go.
 */
final class ShutdownHooks {

    private static final Logger LOGGER = LoggerFactory.getLogger(ShutdownHooks.class);

    /** A text, as all class loaders share it: the identity of the file that the first of them has mapped. */
    private static final String KEEPER = "dev.kitchen.onnx.library";

    private ShutdownHooks() {}

    /**
     * Makes an environment. Callers hold the lock of the whole JVM.
     *
     * @param library the native library that it comes from
     * @return what was made
     */
    static <T> T without(Path library, Supplier<T> environment) {
        if (isFirst(library)) {
            return environment.get();
        }
        Class<?> owner;
        Map<?, ?> hooks;
        try {
            owner = Class.forName("java.lang.ApplicationShutdownHooks");
            hooks = hooks(owner.getDeclaredField("hooks"));
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            LOGGER.debug("ONNX Runtime's shutdown hook cannot be reached; it keeps this class loader in memory", e);
            return environment.get();
        }
        // Whoever adds or removes a hook holds this lock.
        synchronized (owner) {
            Set<?> before = Set.copyOf(hooks.keySet());
            T made = environment.get();
            Set.copyOf(hooks.keySet()).stream()
                    .filter(it -> !before.contains(it))
                    .forEach(it -> Runtime.getRuntime().removeShutdownHook((Thread) it));
            return made;
        }
    }

    private static boolean isFirst(Path library) {
        String identity;
        try {
            identity = String.valueOf(
                    Files.readAttributes(library, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            LOGGER.debug("{} cannot be looked at", library, e);
            return true;
        }
        String keeper = System.getProperty(KEEPER);
        if (keeper == null) {
            System.setProperty(KEEPER, identity);
        }
        return !identity.equals(keeper);
    }

    private static Map<?, ?> hooks(Field field) throws ReflectiveOperationException {
        try {
            field.setAccessible(true);
            return (Map<?, ?>) field.get(null);
        } catch (RuntimeException e) {
            if (Runtime.version().feature() >= 22) {
                throw e;
            }
            return (Map<?, ?>) unsafely(field);
        }
    }

    /** JDK 17 has no other way where {@code java.lang} is not opened; newer ones have the C API, and would warn. */
    private static Object unsafely(Field field) throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field instance = type.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        Object unsafe = instance.get(null);
        Object base = type.getMethod("staticFieldBase", Field.class).invoke(unsafe, field);
        Object offset = type.getMethod("staticFieldOffset", Field.class).invoke(unsafe, field);
        return type.getMethod("getObject", Object.class, long.class).invoke(unsafe, base, offset);
    }
}
