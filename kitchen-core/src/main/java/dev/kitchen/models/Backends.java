package dev.kitchen.models;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.spi.Backend;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runtimes at hand: those passed in, then those on the class path. */
public final class Backends {

    private static final Logger LOGGER = LoggerFactory.getLogger(Backends.class);

    /** Which artifact to add for which kind of file. */
    private static final Map<String, String> ARTIFACTS =
            Map.of(".onnx", "dev.kitchen:kitchen-onnx", ".tflite", "dev.kitchen:kitchen-tflite");

    /** Some errors come again each time the search goes on. */
    private static final int MAX_FAILURES = 20;

    private final List<Backend> backends;

    private Backends(List<Backend> backends) {
        this.backends = backends;
    }

    /** Those passed in, which win over discovered ones of the same name, and the discovered ones. */
    public static Backends discover(List<Backend> passedIn) {
        Map<String, Backend> byName = new LinkedHashMap<>();
        passedIn.forEach(it -> byName.put(name(it), it));
        for (Backend backend : discovered()) {
            String name = name(backend);
            if (byName.putIfAbsent(name, backend) == null) {
                LOGGER.info("backend {} found: {}", name, place(backend));
            }
        }
        return new Backends(List.copyOf(byName.values()));
    }

    static String name(Backend backend) {
        return ForeignCode.call(
                "backend " + backend.getClass().getName() + ": asking its name failed",
                backend::name,
                ConfigurationException::new);
    }

    private static Iterable<Backend> discovered() {
        Map<String, Backend> found = new LinkedHashMap<>();
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        for (ClassLoader loader : new ClassLoader[] {context, Backends.class.getClassLoader()}) {
            var providers = ServiceLoader.load(Backend.class, loader).stream().iterator();
            int failures = 0;
            while (failures < MAX_FAILURES) {
                try {
                    if (!providers.hasNext()) {
                        break;
                    }
                    var provider = providers.next();
                    found.putIfAbsent(provider.type().getName(), provider.get());
                } catch (ServiceConfigurationError e) {
                    // Such as one of another class loader's Kitchen, where the thread's context is another application.
                    failures++;
                    LOGGER.warn("a backend cannot be used: {}", e.getMessage(), e);
                }
            }
        }
        return found.values();
    }

    private static Object place(Backend backend) {
        var source = backend.getClass().getProtectionDomain().getCodeSource();
        return source == null ? backend.getClass().getModule() : source.getLocation();
    }

    public List<Backend> all() {
        return backends;
    }

    /** The one that calls itself so. */
    Optional<Backend> named(String name) {
        return backends.stream().filter(it -> it.name().equals(name)).findFirst();
    }

    Optional<Backend> accepting(Path file) {
        return backends.stream().filter(it -> accepts(it, file)).findFirst();
    }

    private static boolean accepts(Backend backend, Path file) {
        return ForeignCode.attempt(
                "backend " + backend.getClass().getName() + ": asking whether it accepts a file",
                () -> backend.accepts(file),
                false);
    }

    /** Whether the file's name is that of a model, be there a backend for it or not. */
    boolean looksLikeModel(Path file) {
        return accepting(file).isPresent() || ARTIFACTS.keySet().stream().anyMatch(it -> endsWith(file, it));
    }

    /** Why no backend takes the file, and what to add. */
    ModelLoadException noBackendFor(Path file) {
        List<String> names = backends.stream().map(Backends::name).toList();
        String cure = ARTIFACTS.entrySet().stream()
                .filter(it -> endsWith(file, it.getKey()))
                .findFirst()
                .map(it -> "add the dependency " + it.getValue())
                .orElse("expected a file that ends in .onnx (dependency " + ARTIFACTS.get(".onnx")
                        + ") or .tflite (dependency " + ARTIFACTS.get(".tflite") + ")");
        return new ModelLoadException(
                "model file " + file + ": no backend takes it, those at hand are " + names + "; " + cure);
    }

    private static boolean endsWith(Path file, String suffix) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(suffix);
    }
}
