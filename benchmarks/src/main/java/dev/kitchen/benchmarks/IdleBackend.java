package dev.kitchen.benchmarks;

import dev.kitchen.spi.Backend;
import dev.kitchen.spi.BoundRun;
import dev.kitchen.spi.BoundTensor;
import dev.kitchen.spi.Finding;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.spi.RunContext;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads anything. */
final class IdleBackend implements Backend {

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public boolean accepts(Path modelFile) {
        return modelFile.toString().endsWith(".idle");
    }

    @Override
    public InferenceSession load(Path modelFile) {
        return new IdleSession();
    }

    @Override
    public List<Finding> preflight() {
        return List.of();
    }

    /** Answers every row with the same probabilities. */
    private static final class IdleSession implements InferenceSession {

        private static final ModelSignature SIGNATURE = ModelSignature.of(
                List.of(new TensorSpec("input", DataType.FLOAT, Shape.of(-1, 4))),
                List.of(new TensorSpec("probabilities", DataType.FLOAT, Shape.of(-1, 3))));

        private final NamedValues answer =
                NamedValues.of("probabilities", Tensor.of(new float[] {0.2f, 0.3f, 0.5f}, 1, 3));

        @Override
        public ModelSignature signature() {
            return SIGNATURE;
        }

        @Override
        public ModelMetadata metadata() {
            return new ModelMetadata("idle", "", "", "", "", 0, Map.of());
        }

        @Override
        public NamedValues run(NamedValues inputs, List<String> outputs, RunContext context) {
            return answer;
        }

        @Override
        public Optional<BoundRun> bind(List<BoundTensor> inputs, List<BoundTensor> outputs) {
            return Optional.of(new BoundRun() {
                @Override
                public void run(RunContext context) {}

                @Override
                public void close() {}
            });
        }

        @Override
        public void close() {}
    }
}
