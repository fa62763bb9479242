package dev.kitchen.codec;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.ObjIntConsumer;

/** One input of a model and the components that fill its columns. */
final class InputColumns {

    private final DataType type;
    private final boolean matrix;
    private final Component[] components;
    private final Elements.Writer[] writers;
    private final Shape rowShape;

    /**
     * Components in the columns' order, all of which fit the type.
     *
     * @param matrix whether a row is [1, columns] rather than [1]
     */
    InputColumns(DataType type, boolean matrix, List<Component> components) {
        this.type = type;
        this.matrix = matrix;
        this.components = components.toArray(Component[]::new);
        this.writers = type == DataType.STRING
                ? new Elements.Writer[0]
                : components.stream().map(it -> Elements.writer(it, type)).toArray(Elements.Writer[]::new);
        this.rowShape = shape(1);
    }

    private Shape shape(int rows) {
        return matrix ? Shape.of(rows, components.length) : Shape.of(rows);
    }

    Tensor encode(Object record) {
        if (type == DataType.STRING) {
            String[] texts = new String[components.length];
            readTexts(record, texts, 0);
            return Tensor.ofStrings(texts, rowShape.toArray());
        }
        ByteBuffer row = ByteBuffer.allocate(writers.length * type.sizeBytes()).order(ByteOrder.nativeOrder());
        write(record, row, 0);
        return Tensor.copyOf(type, row, rowShape);
    }

    Tensor encodeAll(List<?> records) {
        Shape shape = shape(records.size());
        if (shape.elementCount() > Tensor.MAX_BYTES / Math.max(1, type.sizeBytes())) {
            throw new InvalidRequestException(
                    records.size() + " rows make a tensor larger than " + Tensor.MAX_BYTES + " bytes");
        }
        int columns = components.length;
        if (type == DataType.STRING) {
            String[] texts = new String[records.size() * columns];
            forEach(records, (record, i) -> readTexts(record, texts, i * columns));
            return Tensor.ofStrings(texts, shape.toArray());
        }
        int rowBytes = columns * type.sizeBytes();
        ByteBuffer rows = ByteBuffer.allocate(records.size() * rowBytes).order(ByteOrder.nativeOrder());
        forEach(records, (record, i) -> write(record, rows, i * rowBytes));
        return Tensor.copyOf(type, rows, shape);
    }

    private static void forEach(List<?> records, ObjIntConsumer<Object> action) {
        for (int i = 0; i < records.size(); i++) {
            try {
                action.accept(records.get(i), i);
            } catch (InvalidRequestException e) {
                throw new InvalidRequestException("item " + i + ": " + e.getMessage(), e);
            }
        }
    }

    private void write(Object record, ByteBuffer target, int offset) {
        int position = offset;
        for (Elements.Writer writer : writers) {
            writer.write(record, target, position);
            position += type.sizeBytes();
        }
    }

    private void readTexts(Object record, String[] target, int offset) {
        for (int i = 0; i < components.length; i++) {
            Object text = ((Component.Text) components[i]).getter().apply(record);
            if (text == null) {
                throw new InvalidRequestException("component '" + components[i].name() + "' is null, expected a text");
            }
            target[offset + i] = (String) text;
        }
    }
}
