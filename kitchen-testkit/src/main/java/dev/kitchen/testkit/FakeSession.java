package dev.kitchen.testkit;

import dev.kitchen.error.InferenceException;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.spi.RowDependence;
import dev.kitchen.spi.RunContext;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** One model of a {@link FakeBackend}. */
final class FakeSession implements InferenceSession {

    private static final ModelSignature SIGNATURE = signature(new TensorSpec("tag", DataType.STRING, Shape.of(1)));
    private static final ModelSignature IN_ROWS =
            signature(new TensorSpec("tag", DataType.STRING, Shape.of(-1), List.of("rows")));

    /** Added to the count of users when the session closes, so that any later user notices. */
    private static final int CLOSED = 1 << 30;

    private final FakeBackend backend;
    private final boolean inRows;
    private final String tag;
    private final AtomicInteger users = new AtomicInteger();

    FakeSession(FakeBackend backend, boolean inRows, String tag) {
        this.backend = backend;
        this.inRows = inRows;
        this.tag = tag;
    }

    @Override
    public ModelSignature signature() {
        return inRows ? IN_ROWS : SIGNATURE;
    }

    private static ModelSignature signature(TensorSpec tag) {
        return ModelSignature.of(
                List.of(new TensorSpec("x", DataType.FLOAT, Shape.of(-1, -1), List.of("rows", "columns"))),
                List.of(
                        new TensorSpec("echo", DataType.FLOAT, Shape.of(-1, -1), List.of("rows", "columns")),
                        new TensorSpec("sum", DataType.DOUBLE, Shape.of(-1), List.of("rows")),
                        tag));
    }

    @Override
    public ModelMetadata metadata() {
        return new ModelMetadata("fake", "kitchen-testkit", tag, "dev.kitchen", "", 1, Map.of("tag", tag));
    }

    /** Each row of {@code tag} is the same, so that no trial could show that rows are independent. */
    @Override
    public RowDependence rowDependence() {
        return inRows ? RowDependence.independent() : RowDependence.unknown("the tag is one for all rows");
    }

    @Override
    public NamedValues run(NamedValues inputs, List<String> outputs, RunContext context) {
        if (users.incrementAndGet() >= CLOSED) {
            backend.violation();
        }
        try {
            backend.begin();
            backend.gate().pass(context);
            backend.duringRuns().run();
            // Read as late as possible: whoever lets a caller touch a borrowed buffer too early is found out.
            return answer(inputs.tensor("x"), outputs);
        } finally {
            backend.end();
            users.decrementAndGet();
        }
    }

    private NamedValues answer(Tensor x, List<String> outputs) {
        Value[] values = new Value[outputs.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (outputs.get(i)) {
                case "echo" -> Tensor.copyOf(DataType.FLOAT, x.bytes(), x.shape());
                case "sum" -> sums(x);
                case "tag" -> tags(inRows ? (int) x.shape().dimension(0) : 1);
                default -> throw new InferenceException("fake model has no output '" + outputs.get(i) + "'");
            };
        }
        return NamedValues.of(outputs, values);
    }

    private Tensor tags(int count) {
        String[] tags = new String[count];
        Arrays.fill(tags, tag);
        return Tensor.ofStrings(tags, count);
    }

    private static Tensor sums(Tensor x) {
        int rows = (int) x.shape().dimension(0);
        int columns = (int) x.shape().dimension(1);
        double[] sums = new double[rows];
        for (int i = 0; i < rows * columns; i++) {
            sums[i / columns] += x.floatAt(i);
        }
        return Tensor.of(sums, rows);
    }

    @Override
    public void close() {
        if (users.getAndAdd(CLOSED) != 0) {
            backend.violation();
        }
        backend.sessionClosed();
    }
}
