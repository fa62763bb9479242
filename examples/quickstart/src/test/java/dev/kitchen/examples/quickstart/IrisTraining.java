package dev.kitchen.examples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tribuo.Example;
import org.tribuo.Feature;
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

    /** The data lists 50 flowers of each kind in a row, so every fifth flower is ten of each. */
    private static final int HELD_OUT = 5;

    /** Kept, for a logger that nobody holds forgets its level. */
    private static final Logger TRIBUO = Logger.getLogger("org.tribuo");

    private final List<String> features;
    private final List<float[]> measurements = new ArrayList<>();
    private final List<String> species = new ArrayList<>();

    IrisTraining() throws IOException {
        TRIBUO.setLevel(Level.WARNING);
        List<String> lines = Files.readAllLines(DATA);
        this.features = List.of(lines.get(0).split(",", -1)).subList(0, 4);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            float[] values = new float[features.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = Float.parseFloat(cells[i]);
            }
            measurements.add(values);
            species.add(cells[features.size()]);
        }
    }

    /** Four lengths a flower, in centimetres, columns as the model takes them. */
    float[][] flowers() {
        return measurements.toArray(float[][]::new);
    }

    /** How many of every fifth flower are told right by a model that saw only the others; between 0 and 1. */
    double heldOutAccuracy() {
        LinearSGDModel model = train(HELD_OUT, false);
        return new LabelEvaluator().evaluate(model, every(HELD_OUT, true)).accuracy();
    }

    /** The model over all flowers, as ONNX. */
    byte[] onnx() {
        List<String> labels = species.stream().distinct().toList();
        return new IrisOnnx(features, labels).export(train(1, true)).toByteArray();
    }

    private LinearSGDModel train(int nth, boolean chosen) {
        var trainer = new LinearSGDTrainer(new LogMulticlass(), new AdaGrad(0.5), EPOCHS, SEED);
        return trainer.train(every(nth, chosen));
    }

    private MutableDataset<Label> every(int nth, boolean chosen) {
        MutableDataset<Label> dataset =
                new MutableDataset<>(new SimpleDataSourceProvenance("iris", new LabelFactory()), new LabelFactory());
        for (int i = 0; i < measurements.size(); i++) {
            if ((i % nth == 0) == chosen) {
                dataset.add(example(i));
            }
        }
        return dataset;
    }

    private Example<Label> example(int index) {
        Example<Label> example = new ArrayExample<>(new Label(species.get(index)));
        for (int i = 0; i < features.size(); i++) {
            // Tribuo orders columns by name; the number keeps them as the file has them.
            example.add(new Feature(i + " " + features.get(i), measurements.get(index)[i]));
        }
        return example;
    }
}
