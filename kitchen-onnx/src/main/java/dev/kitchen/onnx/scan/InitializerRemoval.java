package dev.kitchen.onnx.scan;

import dev.kitchen.error.ModelLoadException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A model without some of its initializers: the inputs they were defaults of become required. */
public final class InitializerRemoval {

    private final Set<String> names;
    private final List<Range> removed = new ArrayList<>();
    private Range graphField = new Range(0, 0);
    private Range graph = new Range(0, 0);

    private record Range(long start, long end) {
        int length() {
            return (int) (end - start);
        }
    }

    private InitializerRemoval(Set<String> names) {
        this.names = names;
    }

    /**
     * Returns the model's bytes without those initializers of its main graph.
     *
     * @throws ModelLoadException if the model is too large to be kept in memory, and its file has changed since the scan
     */
    public static byte[] apply(Path path, ModelContent content, Set<String> names) {
        try {
            byte[] bytes = content.read();
            InitializerRemoval removal = new InitializerRemoval(names);
            removal.locate(new ProtoReader(path, ByteBuffer.wrap(bytes)));
            return removal.rewrite(bytes);
        } catch (IOException e) {
            throw new ModelLoadException("model file " + path + ": cannot be read again: " + e, e);
        }
    }

    private void locate(ProtoReader reader) throws IOException {
        reader.readFields(number -> {
            if (number == 7) {
                long start = reader.fieldStart();
                long[] content = {-1};
                reader.readMessage(inner -> {
                    if (content[0] < 0) {
                        content[0] = reader.fieldStart();
                    }
                    if (inner == 5) {
                        locateInitializer(reader);
                    }
                });
                graphField = new Range(start, reader.position());
                graph = new Range(content[0], reader.position());
            }
        });
    }

    private void locateInitializer(ProtoReader reader) throws IOException {
        long start = reader.fieldStart();
        String[] name = {""};
        reader.readMessage(number -> {
            if (number == 8) {
                name[0] = reader.text();
            }
        });
        if (names.contains(name[0])) {
            removed.add(new Range(start, reader.position()));
        }
    }

    private byte[] rewrite(byte[] model) {
        int dropped = removed.stream().mapToInt(Range::length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream(model.length);
        out.write(model, 0, (int) graphField.start());
        out.write(7 << 3 | ProtoReader.BYTES);
        writeVarint(out, graph.length() - dropped);
        long position = graph.start();
        for (Range range : removed) {
            out.write(model, (int) position, (int) (range.start() - position));
            position = range.end();
        }
        out.write(model, (int) position, (int) (model.length - position));
        return out.toByteArray();
    }

    private static void writeVarint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
