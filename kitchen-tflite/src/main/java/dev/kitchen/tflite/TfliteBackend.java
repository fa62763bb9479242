package dev.kitchen.tflite;

import dev.kitchen.error.InferenceException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.spi.Backend;
import dev.kitchen.spi.Finding;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.tflite.TfliteOptions.Isolation;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Runs TensorFlow Lite models. Found by itself where this library is on the class path; pass one of your own to the
 * builder to change its options:
 *
 * <pre>{@code
 * Kitchen.builder()
 *         .models(Path.of("models"))
 *         .backend(new TfliteBackend(TfliteOptions.defaults().withThreads(2)))
 *         .open();
 * }</pre>
 */
public final class TfliteBackend implements Backend {

    /** The name of this backend in logs, metrics and metadata. */
    public static final String NAME = "tflite";

    private static final String SUFFIX = ".tflite";

    private final TfliteOptions options;

    /** A backend with the default options. Loads nothing native: that waits for the first model. */
    public TfliteBackend() {
        this(TfliteOptions.defaults());
    }

    public TfliteBackend(TfliteOptions options) {
        this.options = options;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean accepts(Path modelFile) {
        return modelFile.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(SUFFIX);
    }

    @Override
    public InferenceSession load(Path modelFile) {
        boolean isolated = options.isolation() == Isolation.PROCESS;
        TfliteFile file = TfliteFile.scan(modelFile, options.maxModelBytes(), !isolated);
        ModelPlan plan = ModelPlan.of(file, options);
        ModelMetadata metadata = Description.of(file, plan, options);
        try {
            return isolated
                    ? IsolatedSession.start(file, plan, metadata, options)
                    : TfliteSession.load(file, plan, metadata, options);
        } catch (InferenceException e) {
            throw new ModelLoadException("model file " + modelFile + ": " + e.getMessage(), e);
        }
    }

    @Override
    public List<Finding> preflight() {
        return Preflight.findings();
    }
}
