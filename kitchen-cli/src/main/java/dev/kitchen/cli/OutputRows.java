package dev.kitchen.cli;

import dev.kitchen.error.InferenceException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** One output of a run over rows, taken apart again. */
sealed interface OutputRows {

    String name();

    /** What its columns are called. */
    List<String> columnNames();

    /** The cells of a row, one for each column. */
    List<Object> cells(int row);

    /** A row as JSON has it. */
    Object json(int row);

    /**
     * Takes an output apart.
     *
     * @throws InferenceException if it has not as many rows as went in
     */
    static OutputRows of(String name, Value value, int rows) {
        if (value instanceof Tensor tensor) {
            boolean byRow = tensor.shape().rank() > 0 && tensor.shape().dimension(0) == rows;
            if (byRow || rows == 1) {
                return new Elements(name, tensor, byRow, tensor.elementCount() / rows);
            }
            throw wrong(name, "has shape " + tensor.shape(), rows);
        } else if (value instanceof SequenceValue sequence
                && sequence.elements().size() == rows
                && sequence.elements().stream().allMatch(MapValue.class::isInstance)) {
            return new Maps(
                    name, sequence.elements().stream().map(MapValue.class::cast).toList());
        }
        throw wrong(name, "is a " + value.getClass().getSimpleName(), rows);
    }

    private static InferenceException wrong(String name, String what, int rows) {
        return new InferenceException("output '" + name + "' " + what + ", expected one of " + rows
                + " rows; choose others with --outputs, or --batch 1 if the first dimension is not one of rows");
    }

    /** A tensor: a row is a slice of it. */
    record Elements(String name, Tensor tensor, boolean byRow, int width) implements OutputRows {

        @Override
        public List<String> columnNames() {
            return width == 1
                    ? List.of(name)
                    : IntStream.range(0, width)
                            .mapToObj(it -> name + "[" + it + "]")
                            .toList();
        }

        @Override
        public List<Object> cells(int row) {
            return IntStream.range(row * width, (row + 1) * width)
                    .mapToObj(this::element)
                    .toList();
        }

        private Object element(int index) {
            DataType type = tensor.type();
            return switch (type) {
                case STRING -> tensor.stringAt(index);
                case BOOL -> tensor.bytes().get(index) != 0;
                case DOUBLE -> tensor.doubleAt(index);
                case FLOAT, FLOAT16, BFLOAT16 -> tensor.floatAt(index);
                case UINT64 ->
                    new JsonText.Raw(Long.toUnsignedString(tensor.bytes().getLong(index * 8)));
                default -> tensor.longAt(index);
            };
        }

        @Override
        public Object json(int row) {
            return nested(cells(row), byRow ? 1 : 0);
        }

        private Object nested(List<Object> cells, int dimension) {
            Shape shape = tensor.shape();
            if (dimension == shape.rank()) {
                return cells.get(0);
            }
            int parts = Math.toIntExact(shape.dimension(dimension));
            if (parts == 0) {
                return List.of();
            }
            int size = cells.size() / parts;
            List<Object> list = new ArrayList<>(parts);
            for (int i = 0; i < parts; i++) {
                list.add(nested(cells.subList(i * size, (i + 1) * size), dimension + 1));
            }
            return list;
        }
    }

    /** A map for each row, as scikit-learn's classifiers answer. */
    record Maps(String name, List<MapValue> rows) implements OutputRows {

        @Override
        public List<String> columnNames() {
            return rows.get(0).entries().keySet().stream()
                    .map(it -> name + "[" + it + "]")
                    .toList();
        }

        @Override
        public List<Object> cells(int row) {
            return List.copyOf(rows.get(row).entries().values());
        }

        @Override
        public Object json(int row) {
            return rows.get(row).entries();
        }
    }
}
