package dev.kitchen.examples.quickstart;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.tribuo.classification.Label;
import org.tribuo.classification.sgd.linear.LinearSGDModel;

/** A linear model as ONNX: what goes in and comes out is named, and the same training gives the same bytes. */
record IrisOnnx(List<String> features, List<String> labels) {

    private static final String OUTPUT = "probabilities";

    ModelProto export(LinearSGDModel model) {
        ModelProto exported = model.exportONNXModel("dev.kitchen.examples", 1);
        GraphProto.Builder graph = exported.getGraph().toBuilder().setName("iris");
        nameOutput(graph);
        nameBatch(graph.getInputBuilder(0));
        nameBatch(graph.getOutputBuilder(0));
        int[] columns = labels.stream().mapToInt(it -> column(model, it)).toArray();
        graph.getInitializerBuilderList().forEach(it -> reorderColumns(it, columns));
        // Tribuo's own metadata says when and where it was trained: other bytes each time.
        return exported.toBuilder()
                .setGraph(graph)
                .setDocString("Tells three kinds of iris apart by four lengths in centimetres.")
                .clearMetadataProps()
                .addMetadataProps(entry("kitchen.features", features))
                .addMetadataProps(entry("kitchen.labels", labels))
                .build();
    }

    private static void nameOutput(GraphProto.Builder graph) {
        String exported = graph.getOutput(0).getName();
        graph.getOutputBuilder(0).setName(OUTPUT);
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            if (node.getOutput(0).equals(exported)) {
                node.setOutput(0, OUTPUT);
            }
        }
    }

    private static void nameBatch(ValueInfoProto.Builder value) {
        value.getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(0)
                .setDimParam("batch");
    }

    private static int column(LinearSGDModel model, String label) {
        return model.getOutputIDInfo().getID(new Label(label));
    }

    /** Tribuo numbers labels by their hashes; weights and bias hold one column a label. */
    private static void reorderColumns(TensorProto.Builder tensor, int[] columns) {
        ByteBuffer from = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer to = ByteBuffer.allocate(from.capacity()).order(ByteOrder.LITTLE_ENDIAN);
        int rowBytes = columns.length * Float.BYTES;
        for (int row = 0; row < from.capacity(); row += rowBytes) {
            for (int column : columns) {
                to.putFloat(from.getFloat(row + column * Float.BYTES));
            }
        }
        tensor.setRawData(ByteString.copyFrom(to.flip()));
    }

    private static StringStringEntryProto entry(String key, List<String> values) {
        return StringStringEntryProto.newBuilder()
                .setKey(key)
                .setValue(String.join(",", values))
                .build();
    }
}
