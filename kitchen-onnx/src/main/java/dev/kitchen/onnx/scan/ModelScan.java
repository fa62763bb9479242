package dev.kitchen.onnx.scan;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.onnx.graph.Graph;
import dev.kitchen.onnx.graph.LocalFunction;
import dev.kitchen.onnx.graph.ModelGraph;
import dev.kitchen.onnx.graph.ValueInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks through a whole model, field by field. */
final class ModelScan {

    private final Path path;
    private final ModelDirectories directories;
    private final ProtoReader reader;
    private final ScanFacts facts;
    private final Map<String, Long> opsets = new HashMap<>();
    private final List<LocalFunction> functions = new ArrayList<>();
    private @Nullable Graph graph;
    private long irVersion;
    private boolean hasOpset;

    ModelScan(Path path, ModelDirectories directories, ProtoReader reader) {
        this.path = path;
        this.directories = directories;
        this.reader = reader;
        this.facts = new ScanFacts(path, directories, reader);
    }

    /**
     * Reads the model.
     *
     * @param bytes the whole model; null where it is read from its file
     * @param identity of that file
     */
    OnnxFile read(@Nullable ByteBuffer bytes, @Nullable FileIdentity identity) throws IOException {
        reader.readFields(this::field);
        if (graph == null) {
            throw reader.damaged("has no graph");
        }
        if (!hasOpset) {
            throw reader.refused("does not say which opset it is written in, expected at least one opset_import; export"
                    + " it again");
        }
        ModelGraph model = new ModelGraph(irVersion, opsets, graph, functions);
        GraphRules.check(model, reader);
        ModelContent content = new ModelContent(
                path,
                directories,
                bytes,
                facts.externalData().locations(),
                ModelContent.identities(identity, facts.externalData()));
        return new OnnxFile(
                path,
                values(graph.inputs()),
                values(graph.outputs()),
                overridableInitializers(model),
                facts.externalData().files(),
                facts.hasWideCharacters(),
                model,
                content);
    }

    private void field(int number) throws IOException {
        switch (number) {
            case 1 -> irVersion = reader.integer();
            case 7 -> {
                if (graph != null) {
                    throw reader.damaged("has two graphs");
                }
                graph = new GraphReader(reader, facts).read();
            }
            case 8 -> {
                hasOpset = true;
                new OpsetReader(reader, facts).readInto(opsets);
            }
            case 20 -> readTraining();
            case 25 -> functions.add(FunctionReader.read(reader, facts));
            default -> {}
        }
    }

    /** What only training needs: graphs in fields 1 and 2. ONNX Runtime passes over it; an attack would not. */
    private void readTraining() throws IOException {
        reader.readMessage(number -> {
            if (number == 1 || number == 2) {
                new GraphReader(reader, facts).read();
            }
        });
    }

    private List<OnnxValue> values(List<ValueInfo> declared) {
        try {
            return declared.stream().map(DeclaredTypes::value).toList();
        } catch (InvalidRequestException e) {
            throw reader.damaged("declares a value whose " + e.getMessage());
        }
    }

    private static Set<String> overridableInitializers(ModelGraph model) {
        Set<String> names = new LinkedHashSet<>();
        if (model.hasOverridableInitializers()) {
            model.main().inputs().stream()
                    .map(ValueInfo::name)
                    .filter(model.main().initializers()::containsKey)
                    .forEach(names::add);
        }
        return names;
    }
}
