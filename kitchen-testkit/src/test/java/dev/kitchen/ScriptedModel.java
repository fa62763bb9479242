package dev.kitchen;

import dev.kitchen.spi.Backend;
import dev.kitchen.spi.Finding;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.spi.RowDependence;
import dev.kitchen.spi.RunContext;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import dev.kitchen.tensor.ValueSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A model of any signature that answers as the test says, and remembers what it was asked. */
final class ScriptedModel implements Backend, InferenceSession {

    private final Function<NamedValues, Map<String, Value>> answer;
    private final List<NamedValues> asked = new CopyOnWriteArrayList<>();
    private volatile ModelSignature signature;
    private volatile Map<String, String> metadata = Map.of();
    private volatile RowDependence rows = RowDependence.unknown("a script");

    ScriptedModel(List<ValueSpec> inputs, List<ValueSpec> outputs, Function<NamedValues, Map<String, Value>> answer) {
        this.signature = ModelSignature.of(inputs, outputs);
        this.answer = answer;
    }

    static TensorSpec tensor(String name, DataType type, long... shape) {
        return new TensorSpec(name, type, Shape.of(shape));
    }

    ScriptedModel withMetadata(Map<String, String> custom) {
        metadata = custom;
        return this;
    }

    /** A model whose structure says this about its rows. */
    ScriptedModel withRows(RowDependence dependence) {
        rows = dependence;
        return this;
    }

    /** As if another version had been put in its place. */
    void become(ModelSignature other) {
        signature = other;
    }

    Kitchen open(Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("m.scripted"), "");
        return Kitchen.builder().models(file).backend(this).open();
    }

    List<NamedValues> asked() {
        return asked;
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public boolean accepts(Path modelFile) {
        return modelFile.toString().endsWith(".scripted");
    }

    @Override
    public InferenceSession load(Path modelFile) {
        return this;
    }

    @Override
    public List<Finding> preflight() {
        return List.of();
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public ModelMetadata metadata() {
        return new ModelMetadata("scripted", "", "", "", "", 0, metadata);
    }

    @Override
    public RowDependence rowDependence() {
        return rows;
    }

    @Override
    public NamedValues run(NamedValues inputs, List<String> outputs, RunContext context) {
        asked.add(inputs);
        Map<String, Value> all = answer.apply(inputs);
        return NamedValues.of(outputs, outputs.stream().map(all::get).toArray(Value[]::new));
    }

    @Override
    public void close() {}
}
