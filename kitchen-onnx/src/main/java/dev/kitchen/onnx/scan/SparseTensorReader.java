package dev.kitchen.onnx.scan;

import dev.kitchen.onnx.graph.ElementType;
import dev.kitchen.onnx.graph.TensorInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one {@code SparseTensorProto}. Its values are checked, and not kept. */
final class SparseTensorReader {

    private SparseTensorReader() {}

    /** Reads the tensor that the reader stands on. */
    static TensorInfo read(ProtoReader reader, ScanFacts facts) throws IOException {
        SingleFields single = new SingleFields(reader);
        TensorInfo[] values = {new TensorInfo("", ElementType.UNDEFINED, List.of(), Optional.empty())};
        List<Long> dimensions = new ArrayList<>();
        reader.readMessage(number -> {
            switch (number) {
                case 1 -> {
                    single.require(number);
                    values[0] = TensorReader.read(reader, facts);
                }
                case 2 -> {
                    single.require(number);
                    TensorReader.read(reader, facts);
                }
                case 3 ->
                    reader.integers(dimension -> {
                        facts.budget().take(GraphBudget.OBJECT_BYTES);
                        dimensions.add(dimension);
                    });
                default -> {}
            }
        });
        return new TensorInfo(values[0].name(), values[0].type(), dimensions, Optional.empty());
    }
}
