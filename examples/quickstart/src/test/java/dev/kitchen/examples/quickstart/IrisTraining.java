package dev.kitchen.examples.quickstart;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.evaluation.LabelEvaluator;
import org.tribuo.classification.sgd.linear.LinearSGDModel;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/** Trains the quickstart's model: a logistic regression over the 150 flowers of Fisher's iris data. */
final class IrisTraining {

    private static final Path DATA = Path.of("src", "test", "data", "iris.csv");
    private static final long SEED = 1;
    private static final int EPOCHS = 400;
    private static final Logger TRIBUO = Logger.getLogger("org.tribuo");

    private final List<String> features;
    private final List<Example<Label>> flowers = new ArrayList<>();

    IrisTraining() throws IOException {
        TRIBUO.setLevel(Level.WARNING);
        List<String> lines = Files.readAllLines(DATA);
        this.features = Arrays.asList(lines.get(0).split(",", -1)).subList(0, 4);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            Example<Label> flower = new ArrayExample<>(new Label(cells[4]));
            for (int i = 0; i < features.size(); i++) {
                // Tribuo orders columns by name; the number keeps them as the file has them.
                flower.add(new org.tribuo.Feature(i + " " + features.get(i), Double.parseDouble(cells[i])));
            }
            flowers.add(flower);
        }
    }

    /** How many of every fifth flower are told right by a model that saw only the others. */
    double heldOutAccuracy() {
        Model<Label> model = train(every(5, false));
        return new LabelEvaluator().evaluate(model, every(5, true)).accuracy();
    }

    /** The model over all flowers, as ONNX. */
    byte[] onnx() {
        LinearSGDModel model = (LinearSGDModel) train(every(1, true));
        List<String> labels = new ArrayList<>();
        for (int id = 0; id < model.getOutputIDInfo().size(); id++) {
            labels.add(model.getOutputIDInfo().getOutput(id).getLabel());
        }
        return withMetadata(model.exportONNXModel("dev.kitchen.examples", 1), labels)
                .toByteArray();
    }

    private MutableDataset<Label> every(int nth, boolean chosen) {
        MutableDataset<Label> dataset =
                new MutableDataset<>(new SimpleDataSourceProvenance("iris", new LabelFactory()), new LabelFactory());
        for (int i = 0; i < flowers.size(); i++) {
            if ((i % nth == 0) == chosen) {
                dataset.add(flowers.get(i));
            }
        }
        return dataset;
    }

    private static Model<Label> train(MutableDataset<Label> dataset) {
        return new LinearSGDTrainer(new LogMulticlass(), new AdaGrad(0.5), EPOCHS, SEED).train(dataset);
    }

    /** Names what comes out, says what the numbers mean, and leaves out when and where it was trained. */
    private ModelProto withMetadata(ModelProto model, List<String> labels) {
        GraphProto.Builder graph = model.getGraph().toBuilder();
        String output = graph.getOutput(0).getName();
        graph.setName("iris").getOutputBuilder(0).setName("probabilities");
        graph.getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(0)
                .setDimParam("batch");
        graph.getOutputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(0)
                .setDimParam("batch");
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            for (int i = 0; i < node.getOutputCount(); i++) {
                if (node.getOutput(i).equals(output)) {
                    node.setOutput(i, "probabilities");
                }
            }
        }
        return model.toBuilder()
                .setGraph(graph)
                .setDocString("Tells three kinds of iris apart by four lengths in centimetres.")
                .clearMetadataProps()
                .addMetadataProps(entry("kitchen.features", features))
                .addMetadataProps(entry("kitchen.labels", labels))
                .build();
    }

    private static StringStringEntryProto entry(String key, List<String> values) {
        return StringStringEntryProto.newBuilder()
                .setKey(key)
                .setValue(values.stream().collect(Collectors.joining(",")))
                .build();
    }
}
