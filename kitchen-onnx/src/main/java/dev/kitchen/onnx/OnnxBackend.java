package dev.kitchen.onnx;

import dev.kitchen.onnx.operator.OperatorChecks;
import dev.kitchen.onnx.run.OnnxRuntimeApi;
import dev.kitchen.onnx.scan.OnnxFile;
import dev.kitchen.spi.Backend;
import dev.kitchen.spi.Finding;
import dev.kitchen.spi.InferenceSession;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Runs ONNX models with ONNX Runtime. A kitchen finds this backend itself where this library is on the class path; pass
 * one to the builder to change its options:
 *
 * <pre>{@code
 * Kitchen.builder()
 *         .models(Path.of("models"))
 *         .backend(new OnnxBackend(OnnxOptions.builder().intraOpThreads(1).build()))
 *         .open();
 * }</pre>
 */
public final class OnnxBackend implements Backend {

    /** The name of this backend in logs, metrics and metadata. */
    public static final String NAME = OnnxRuntimeApi.NAME;

    private static final String SUFFIX = ".onnx";

    private final OnnxOptions options;

    /** Creates a backend with the default options. The native libraries are loaded with the first model. */
    public OnnxBackend() {
        this(OnnxOptions.defaults());
    }

    /** Creates a backend with these options. The native libraries are loaded with the first model. */
    public OnnxBackend(OnnxOptions options) {
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
    public String variant() {
        return AnswerSettings.of(RuntimeChoice.choose(options).version(), options);
    }

    @Override
    public InferenceSession load(Path modelFile) {
        OnnxFile file = OnnxFile.scan(modelFile, options.maxModelBytes());
        OperatorChecks.requireLoadable(file.graph());
        return RuntimeChoice.choose(options).load(file, options.sessionSettings());
    }

    @Override
    public List<Finding> preflight() {
        return NativePreflight.findings();
    }
}
