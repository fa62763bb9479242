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
import java.util.TreeMap;

/**
 * Runs TensorFlow Lite models. Found by itself where this library is on the class path; pass one of your own to the
 * builder to change its options:
 *
 * <pre>{@code
 * Kitchen.builder()
 *         .models(Path.of("models"))
 *         .backend(new TfliteBackend(TfliteOptions.builder().threads(2).build()))
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

    /** The runtime's version, and what of the options changes numbers or says which part of a file serves. */
    @Override
    public String variant() {
        String shapes = new TreeMap<>(options.inputShapes()).toString();
        return "tensorflow-lite " + version() + "; xnnpack " + options.xnnpack() + "; signature '"
                + options.signatureKey() + "'; shapes " + shapes;
    }

    /** Models from strangers run in other processes, and this one loads nothing native for them: there the jar tells. */
    private String version() {
        return options.isolation() == TfliteOptions.Isolation.NONE
                ? TfliteLibrary.version()
                : TfliteLibrary.jarVersion();
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
