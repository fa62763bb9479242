package dev.kitchen.spi;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.EmptyOptional;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Values as bytes, so that different values have different bytes: everything with its type and its length before it,
 * numbers by their bits, text by its characters (in UTF-8 all halves of a surrogate pair would be the same).
 */
final class CanonicalForm {

    private static final int CHUNK_BYTES = 8192;

    private CanonicalForm() {}

    static byte[] of(Value value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(bytes, out -> write(value, out));
        return bytes.toByteArray();
    }

    static String sha256(CacheKey key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            write(new DigestOutputStream(OutputStream.nullOutputStream(), digest), out -> write(key, out));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static void write(OutputStream target, Writing writing) {
        try (DataOutputStream out = new DataOutputStream(target)) {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(CacheKey key, DataOutputStream out) throws IOException {
        out.writeBoolean(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
        VersionIdentity version = key.version();
        writeTexts(List.of(version.model(), version.version(), version.identity()), out);
        writeTexts(key.requestedOutputs(), out);
        out.writeInt(key.parameters().size());
        for (Map.Entry<String, String> parameter : key.parameters().entrySet()) {
            write(parameter.getKey(), out);
            write(parameter.getValue(), out);
        }
        NamedValues inputs = key.inputs();
        out.writeInt(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            write(inputs.name(i), out);
            write(inputs.value(i), out);
        }
    }

    private static void write(Value value, DataOutputStream out) throws IOException {
        if (value instanceof Tensor tensor) {
            out.writeByte('t');
            write(tensor, out);
        } else if (value instanceof SequenceValue sequence) {
            out.writeByte('s');
            out.writeInt(sequence.elements().size());
            for (Value element : sequence.elements()) {
                write(element, out);
            }
        } else if (value instanceof MapValue map) {
            out.writeByte('m');
            write(map, out);
        } else if (value instanceof EmptyOptional) {
            out.writeByte('e');
        }
    }

    private static void write(Tensor tensor, DataOutputStream out) throws IOException {
        write(tensor.type().name(), out);
        out.writeInt(tensor.shape().rank());
        for (int i = 0; i < tensor.shape().rank(); i++) {
            out.writeLong(tensor.shape().dimension(i));
        }
        if (tensor.type() == DataType.STRING) {
            writeTexts(List.of(tensor.toStringArray()), out);
        } else {
            writeElements(tensor.bytes(), out);
        }
    }

    private static void writeElements(ByteBuffer elements, DataOutputStream out) throws IOException {
        out.writeInt(elements.remaining());
        byte[] chunk = new byte[Math.min(CHUNK_BYTES, elements.remaining())];
        while (elements.hasRemaining()) {
            int length = Math.min(chunk.length, elements.remaining());
            elements.get(chunk, 0, length);
            out.write(chunk, 0, length);
        }
    }

    private static void write(MapValue map, DataOutputStream out) throws IOException {
        write(map.keyType().name(), out);
        write(map.valueType().name(), out);
        out.writeInt(map.entries().size());
        for (Map.Entry<Object, Object> entry : map.entries().entrySet()) {
            writeScalar(entry.getKey(), out);
            writeScalar(entry.getValue(), out);
        }
    }

    private static void writeScalar(Object scalar, DataOutputStream out) throws IOException {
        if (scalar instanceof Float number) {
            out.writeInt(Float.floatToRawIntBits(number));
        } else if (scalar instanceof Double number) {
            out.writeLong(Double.doubleToRawLongBits(number));
        } else if (scalar instanceof Long number) {
            out.writeLong(number);
        } else {
            write((String) scalar, out);
        }
    }

    private static void writeTexts(List<String> texts, DataOutputStream out) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            write(text, out);
        }
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        out.writeInt(text.length());
        out.writeChars(text);
    }
}
