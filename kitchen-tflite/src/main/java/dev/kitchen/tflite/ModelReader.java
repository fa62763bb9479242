package dev.kitchen.tflite;

import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads what a file says of itself, and refuses what cannot be read. Whether it makes sense is for {@link GraphCheck}. */
final class ModelReader {

    private static final int SCHEMA_VERSION = 3;
    /** More dimensions than any kernel of TensorFlow Lite handles. */
    private static final int MAX_RANK = 8;

    private static final int BLOCKWISE = 2;

    private final FlatFile file;
    private final FlatTable model;
    private final FlatVector buffers;
    private final FlatVector operatorCodes;

    ModelReader(FlatFile file) {
        this.file = file;
        this.model = file.root();
        int version = model.intAt(0, 0);
        if (version != SCHEMA_VERSION) {
            throw file.refused("has schema version " + version + ", expected " + SCHEMA_VERSION);
        }
        this.operatorCodes = model.vector(1, 4);
        this.buffers = model.vector(4, 4);
    }

    String description() {
        return model.text(3);
    }

    List<GraphInfo> graphs() {
        FlatVector graphs = model.vector(2, 4);
        if (graphs.count() == 0) {
            throw file.damaged("it has no graph");
        }
        List<GraphInfo> read = new ArrayList<>();
        for (int i = 0; i < graphs.count(); i++) {
            read.add(graph(i, graphs.tableAt(i)));
        }
        return read;
    }

    private GraphInfo graph(int index, FlatTable graph) {
        FlatVector tensors = graph.vector(0, 4);
        List<TensorInfo> readTensors = new ArrayList<>();
        for (int i = 0; i < tensors.count(); i++) {
            readTensors.add(tensor(i, tensors.tableAt(i)));
        }
        FlatVector operators = graph.vector(3, 4);
        List<OperatorInfo> readOperators = new ArrayList<>();
        for (int i = 0; i < operators.count(); i++) {
            readOperators.add(operator(operators.tableAt(i)));
        }
        return new GraphInfo(index, readTensors, numbers(graph, 1), numbers(graph, 2), readOperators);
    }

    private static List<Integer> numbers(FlatTable table, int slot) {
        return Arrays.stream(table.vector(slot, 4).ints()).boxed().toList();
    }

    private TensorInfo tensor(int index, FlatTable tensor) {
        String name = tensor.text(3);
        String place = "tensor " + index + " ('" + MessageText.of(name, 60) + "')";
        int type = tensor.byteAt(1, 0);
        ElementType elementType = ElementType.inFile(type)
                .orElseThrow(() -> file.refused(
                        place + " has the element type number " + type + ", which TensorFlow Lite 2.21 does not know"));
        Shape shape = shape(place, tensor.vector(0, 4), false);
        FlatVector signature = tensor.vector(7, 4);
        Shape declared = signature.count() == 0 ? shape : shape(place, signature, true);
        int buffer = tensor.intAt(2, 0);
        if (buffer < 0 || buffer >= Math.max(1, buffers.count())) {
            throw file.damaged(place + " has buffer " + buffer + ", there are " + buffers.count());
        }
        long[] data = data(place, buffer);
        return new TensorInfo(
                index,
                name,
                elementType,
                shape,
                declared,
                signature.count() != 0,
                tensor.byteAt(5, 0) != 0,
                quantization(place, tensor),
                buffer,
                data[1],
                data[0],
                tensor.has(6));
    }

    private Shape shape(String place, FlatVector dimensions, boolean mayBeDynamic) {
        if (dimensions.count() > MAX_RANK) {
            throw file.refused(place + " has " + dimensions.count() + " dimensions, expected at most " + MAX_RANK);
        }
        long[] shape = Arrays.stream(dimensions.ints()).asLongStream().toArray();
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] < 0 && !(mayBeDynamic && shape[i] == Shape.DYNAMIC)) {
                // Old converters wrote -1 where a size was unknown; the runtime takes such for 1 until it is resized.
                throw file.refused(
                        place + " has shape " + Arrays.toString(shape) + ", expected 0 or more in each" + " dimension");
            }
        }
        return Shape.of(shape);
    }

    /** Where a buffer's data are, and how many bytes: in the flatbuffer, or behind it where the file is that large. */
    private long[] data(String place, int buffer) {
        if (buffers.count() == 0) {
            return new long[] {0, 0};
        }
        FlatTable table = buffers.tableAt(buffer);
        long offset = table.longAt(1, 0);
        long size = table.longAt(2, 0);
        if (offset > 1) {
            if (offset < 0 || size < 0 || size > file.size() || offset > file.size() - size) {
                throw file.damaged(place + " has data outside of the file");
            }
            return new long[] {offset, size};
        }
        FlatVector data = table.vector(0, 1);
        return new long[] {data.place(), data.count()};
    }

    private QuantizationInfo quantization(String place, FlatTable tensor) {
        FlatTable table = tensor.table(4).orElse(null);
        if (table == null) {
            return QuantizationInfo.NONE;
        }
        FlatVector scales = table.vector(2, 4);
        FlatVector zeroPoints = table.vector(3, 8);
        List<Float> readScales = new ArrayList<>();
        List<Long> readZeroPoints = new ArrayList<>();
        for (int i = 0; i < scales.count(); i++) {
            readScales.add(scales.floatAt(i));
            readZeroPoints.add(i < zeroPoints.count() ? zeroPoints.longAt(i) : 0);
        }
        if (zeroPoints.count() != 0 && zeroPoints.count() != scales.count()) {
            throw file.damaged(place + " has " + scales.count() + " scales and " + zeroPoints.count() + " zero points");
        }
        return new QuantizationInfo(readScales, readZeroPoints, table.intAt(6, 0), table.byteAt(4, 0) == BLOCKWISE);
    }

    private OperatorInfo operator(FlatTable operator) {
        int opcode = operator.intAt(0, 0);
        if (opcode < 0 || opcode >= operatorCodes.count()) {
            throw file.damaged("an operator has the code " + opcode + ", there are " + operatorCodes.count());
        }
        FlatTable code = operatorCodes.tableAt(opcode);
        int deprecated = code.byteAt(0, 0);
        int builtin = Math.max(code.intAt(3, 0), deprecated);
        boolean second = operator.byteAt(11, 0) != 0;
        return new OperatorInfo(
                builtin,
                builtin == BuiltinOperator.CUSTOM ? code.text(1) : "",
                code.intAt(2, 1),
                numbers(operator, 1),
                numbers(operator, 2),
                numbers(operator, 8),
                operator.table(second ? 12 : 4));
    }

    List<SignatureInfo> signatures() {
        FlatVector signatures = model.vector(7, 4);
        List<SignatureInfo> read = new ArrayList<>();
        for (int i = 0; i < signatures.count(); i++) {
            FlatTable signature = signatures.tableAt(i);
            read.add(new SignatureInfo(
                    signature.text(2), signature.intAt(4, 0), names(signature, 0), names(signature, 1)));
        }
        return read;
    }

    private Map<String, Integer> names(FlatTable signature, int slot) {
        FlatVector maps = signature.vector(slot, 4);
        Map<String, Integer> names = new LinkedHashMap<>();
        for (int i = 0; i < maps.count(); i++) {
            FlatTable map = maps.tableAt(i);
            if (names.put(map.text(0), map.intAt(1, 0)) != null) {
                throw file.damaged("a signature has the name '" + MessageText.of(map.text(0), 60) + "' twice");
            }
        }
        return names;
    }

    /** Entries for tools, each with its data: {@code min_runtime_version}, {@code TFLITE_METADATA}. */
    Map<String, FlatVector> metadata() {
        FlatVector entries = model.vector(6, 4);
        Map<String, FlatVector> read = new LinkedHashMap<>();
        for (int i = 0; i < entries.count(); i++) {
            FlatTable entry = entries.tableAt(i);
            int buffer = entry.intAt(1, 0);
            if (buffer < 0 || buffer >= buffers.count()) {
                throw file.damaged("metadata has buffer " + buffer + ", there are " + buffers.count());
            }
            read.put(entry.text(0), buffers.tableAt(buffer).vector(0, 1));
        }
        return read;
    }

    /** How often each operator is used, by name. */
    static Map<String, Long> operatorCounts(List<GraphInfo> graphs) {
        return graphs.stream()
                .flatMap(it -> it.operators().stream())
                .collect(Collectors.groupingBy(OperatorInfo::name, java.util.TreeMap::new, Collectors.counting()));
    }
}
