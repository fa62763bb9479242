package dev.kitchen.benchmarks;

import ai.djl.MalformedModelException;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * DJL's ONNX engine as its manual uses it: a translator from floats to floats, and a predictor per thread. It refuses to
 * start where an environment of ONNX Runtime exists.
 */
final class DjlPeer implements AutoCloseable {

    private final ZooModel<float[], float[]> model;

    DjlPeer(Model model) {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        try {
            this.model = Criteria.builder()
                    .setTypes(float[].class, float[].class)
                    .optModelPath(model.file())
                    .optEngine("OnnxRuntime")
                    .optOption("intraOpNumThreads", "1")
                    .optOption("interOpNumThreads", "1")
                    .optTranslator(new Floats(new Shape(model.dimensions()), model.position()))
                    .build()
                    .loadModel();
        } catch (IOException | ModelNotFoundException | MalformedModelException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For one thread. */
    Peer predictor() {
        Predictor<float[], float[]> predictor = model.newPredictor();
        return new Peer() {
            @Override
            public float[] predict(float[] item) {
                try {
                    return predictor.predict(item);
                } catch (TranslateException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void close() {
                predictor.close();
            }
        };
    }

    @Override
    public void close() {
        model.close();
    }

    /** One item in, its numbers out. */
    private record Floats(Shape shape, int position) implements Translator<float[], float[]> {

        @Override
        public NDList processInput(TranslatorContext context, float[] item) {
            return new NDList(context.getNDManager().create(item, shape));
        }

        @Override
        public float[] processOutput(TranslatorContext context, NDList answer) {
            return answer.get(position).toFloatArray();
        }

        @Override
        public @Nullable Batchifier getBatchifier() {
            return null;
        }
    }
}
