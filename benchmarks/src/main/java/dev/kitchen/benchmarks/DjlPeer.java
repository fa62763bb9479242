package dev.kitchen.benchmarks;

import ai.djl.MalformedModelException;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
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
import java.nio.file.Path;

/** DJL's ONNX engine as its manual uses it: a translator from floats to floats, and a predictor per thread. */
final class DjlPeer implements AutoCloseable {

    private final ZooModel<float[], float[]> model;

    DjlPeer(Path file) {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        try {
            this.model = Criteria.builder()
                    .setTypes(float[].class, float[].class)
                    .optModelPath(file)
                    .optEngine("OnnxRuntime")
                    .optOption("intraOpNumThreads", "1")
                    .optOption("interOpNumThreads", "1")
                    .optTranslator(new Rows())
                    .build()
                    .loadModel();
        } catch (IOException | ModelNotFoundException | MalformedModelException e) {
            throw new IllegalStateException(e);
        }
    }

    Predictor<float[], float[]> predictor() {
        return model.newPredictor();
    }

    static float[] predict(Predictor<float[], float[]> predictor, float[] row) {
        try {
            return predictor.predict(row);
        } catch (TranslateException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        model.close();
    }

    /** One row in, one row out. */
    private static final class Rows implements Translator<float[], float[]> {

        @Override
        public NDList processInput(TranslatorContext context, float[] row) {
            return new NDList(context.getNDManager().create(row, new Shape(1, row.length)));
        }

        @Override
        public float[] processOutput(TranslatorContext context, NDList answer) {
            NDArray probabilities = answer.get(0);
            return probabilities.toFloatArray();
        }

        @Override
        public Batchifier getBatchifier() {
            return null;
        }
    }
}
