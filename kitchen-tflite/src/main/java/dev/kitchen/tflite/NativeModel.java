package dev.kitchen.tflite;

import dev.kitchen.error.InferenceException;
import dev.kitchen.error.ModelLoadException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.BuiltinOpResolver;
import org.bytedeco.tensorflowlite.BuiltinOpResolverWithoutDefaultDelegates;
import org.bytedeco.tensorflowlite.FlatBufferModel;
import org.bytedeco.tensorflowlite.Interpreter;
import org.bytedeco.tensorflowlite.InterpreterBuilder;
import org.bytedeco.tensorflowlite.MutableOpResolver;
import org.bytedeco.tensorflowlite.global.tensorflowlite;

/** A verified model in native memory, which all its interpreters share. Freed after them. */
final class NativeModel {

    private final Path path;
    private final int threads;
    private final BytePointer bytes;
    private final MutableOpResolver resolver;
    private final FlatBufferModel model;

    NativeModel(TfliteFile file, TfliteOptions options) {
        this.path = file.path();
        this.threads = options.threads();
        int size = file.content().size();
        Pointer memory = Pointer.malloc(size);
        if (memory == null || memory.isNull()) {
            throw new ModelLoadException("model file " + path + ": there is no memory for its " + size + " bytes");
        }
        this.bytes = new BytePointer(memory).capacity(size);
        bytes.put(file.content().bytes(), 0, size);
        this.resolver = options.xnnpack() ? new BuiltinOpResolver() : new BuiltinOpResolverWithoutDefaultDelegates();
        this.model = FlatBufferModel.VerifyAndBuildFromBuffer(bytes, size);
        try {
            requireBuilt();
            file.graphs().forEach(it -> requireOperators(it.operators()));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void requireBuilt() {
        if (model == null || model.isNull() || !model.initialized()) {
            throw new ModelLoadException(
                    "model file " + path + ": is damaged: TensorFlow Lite does not verify it; copy or export it again");
        }
    }

    private void requireOperators(List<OperatorInfo> operators) {
        for (OperatorInfo operator : operators) {
            if (!operator.isCustom() && isMissing(operator)) {
                throw new ModelLoadException("model file " + path + ": operator " + operator.name() + " of version "
                        + operator.version() + " is unknown to TensorFlow Lite " + TfliteLibrary.version()
                        + "; convert the model for an older runtime");
            }
        }
    }

    private boolean isMissing(OperatorInfo operator) {
        // Composites run as the graphs they name, so the table of kernels does not have them.
        if (operator.code() == BuiltinOperator.STABLEHLO_COMPOSITE) {
            return false;
        }
        Pointer found = resolver.FindOp(operator.code(), operator.version());
        return found == null || found.isNull();
    }

    /** One more interpreter, with its own memory. */
    Interpreter interpreter() {
        Interpreter interpreter = new Interpreter((Pointer) null);
        try (InterpreterBuilder builder = new InterpreterBuilder(model, resolver)) {
            builder.SetNumThreads(threads);
            int status = builder.apply(interpreter);
            if (status != tensorflowlite.kTfLiteOk || interpreter.isNull()) {
                throw new InferenceException(
                        "TensorFlow Lite makes no interpreter of this model (" + Status.text(status) + ")");
            }
        }
        if (interpreter.EnableCancellation() != tensorflowlite.kTfLiteOk) {
            interpreter.close();
            throw new InferenceException("TensorFlow Lite makes no interpreter that can be stopped");
        }
        return interpreter;
    }

    void close() {
        if (model != null) {
            model.close();
        }
        resolver.close();
        Pointer.free(bytes);
    }
}
