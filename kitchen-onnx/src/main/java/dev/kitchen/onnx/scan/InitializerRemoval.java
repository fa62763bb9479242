package dev.kitchen.onnx.scan;

import dev.kitchen.error.ModelLoadException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
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

    /** The model's bytes without those initializers of its main graph. */
    public static byte[] apply(OnnxFile file, Set<String> names) {
        try (FileChannel channel = FileChannel.open(file.path())) {
            InitializerRemoval removal = new InitializerRemoval(names);
            removal.locate(new ProtoReader(file.path(), channel));
            return removal.rewrite(Files.readAllBytes(file.path()));
        } catch (IOException e) {
            throw new ModelLoadException("model file " + file.path() + ": cannot be read again: " + e, e);
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
