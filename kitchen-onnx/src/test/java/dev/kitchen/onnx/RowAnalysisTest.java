package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.kitchen.error.KitchenException;
import dev.kitchen.predict.CallContext;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.RowDependence;
import dev.kitchen.spi.RowDependence.Kind;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whatever the analysis of a graph calls independent, ONNX Runtime answers alike alone and in batches. */
@Timeout(1_200)
class RowAnalysisTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(RowAnalysisTest.class);

    @TempDir
    Path directory;

    private final Map<Kind, Integer> verdicts = new EnumMap<>(Kind.class);
    private int compared;

    @Test
    void independentRowsOfRandomGraphsAreAnsweredAlikeInBatches() throws IOException {
        check(300);
    }

    @Test
    @Tag("proof")
    void independentRowsOfManyRandomGraphsAreAnsweredAlikeInBatches() throws IOException {
        check(20_000);
    }

    private void check(int count) throws IOException {
        long first =
                Long.getLong("kitchen.fuzz.seed", ThreadLocalRandom.current().nextLong());
        for (int i = 0; i < count; i++) {
            try {
                check(first + i);
            } catch (AssertionError e) {
                throw new AssertionError("graph " + i + "; repeat with -Dkitchen.fuzz.seed=" + (first + i), e);
            }
        }
        LOGGER.warn("rows of random graphs: {} graphs, {}, {} compared", count, verdicts, compared);
        assertThat(verdicts.get(Kind.INDEPENDENT)).isGreaterThan(count / 10);
        assertThat(verdicts.get(Kind.MIXES)).isGreaterThan(count / 10);
        assertThat(compared).isGreaterThan(count / 20);
    }

    private void check(long seed) throws IOException {
        ModelProto model = new RandomRowGraph(seed).build();
        Path file = TestModels.write(directory, "random", model);
        InferenceSession loaded;
        try {
            loaded = new OnnxBackend(OnnxOptions.builder().intraOpThreads(1).build()).load(file);
        } catch (KitchenException e) {
            return;
        }
        try (InferenceSession session = loaded) {
            RowDependence dependence = session.rowDependence();
            verdicts.merge(dependence.kind(), 1, Integer::sum);
            if (dependence.kind() == Kind.INDEPENDENT) {
                // A difference of rounding may turn an ArgMax over; it will not do so for other rows again.
                assertThat(isAlike(session, seed) || isAlike(session, seed + 1) || isAlike(session, seed + 2))
                        .as("%s", model)
                        .isTrue();
            }
        }
    }

    private boolean isAlike(InferenceSession session, long seed) {
        List<NamedValues> rows = rows(seed);
        List<Tensor> alone = new ArrayList<>();
        try {
            rows.forEach(row -> alone.add(run(session, row)));
        } catch (KitchenException e) {
            return true;
        }
        compared++;
        for (int count = 2; count <= rows.size(); count++) {
            Tensor together;
            try {
                together = run(session, NamedValues.joinRows(rows.subList(0, count)));
            } catch (KitchenException e) {
                // It refuses to run: nobody gets a wrong answer.
                return true;
            }
            if (together.shape().rank() == 0 || together.shape().dimension(0) != count) {
                return false;
            }
            for (int i = 0; i < count; i++) {
                if (!isAlike(alone.get(i), together.rows(i, 1))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static List<NamedValues> rows(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<NamedValues> rows = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            float[] values = new float[12];
            for (int k = 0; k < values.length; k++) {
                values[k] = (random.nextInt(65) - 32) / 8f;
            }
            rows.add(NamedValues.of("x", Tensor.of(values, RandomRowGraph.ROW)));
        }
        return rows;
    }

    private static Tensor run(InferenceSession session, NamedValues inputs) {
        return session.run(inputs, List.of("y"), new CallContext(0, CallContext.NO_DEADLINE))
                .tensor("y");
    }

    private static boolean isAlike(Tensor expected, Tensor actual) {
        if (!expected.shape().equals(actual.shape())) {
            return false;
        }
        double largest = 1e-3;
        for (float value : expected.toFloatArray()) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.elementCount(); i++) {
            if (Math.abs(expected.floatAt(i) - actual.floatAt(i)) > 1e-4 * largest) {
                return false;
            }
        }
        return true;
    }
}
