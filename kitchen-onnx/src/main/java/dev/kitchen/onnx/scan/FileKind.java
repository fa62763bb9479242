package dev.kitchen.onnx.scan;

import dev.kitchen.error.ModelLoadException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Files that are often mistaken for ONNX models, told by their first bytes. */
final class FileKind {

    /** How many bytes are needed to tell. */
    static final int HEAD_BYTES = 64;

    private record Kind(int offset, String magic, String what) {}

    private static final List<Kind> KINDS = List.of(
            new Kind(
                    0,
                    "version https://git-lfs",
                    "a Git LFS pointer, expected the model it points to; run 'git lfs pull'"),
            new Kind(
                    4,
                    "TFL3",
                    "a TensorFlow Lite model; name it .tflite and add the dependency dev.kitchen:kitchen-tflite"),
            new Kind(4, "ORTM", "a model in ORT format, expected ONNX; use the .onnx file it was made from"),
            new Kind(
                    0,
                    "PK\u0003\u0004",
                    "a ZIP archive or PyTorch checkpoint, expected an ONNX model; export it to ONNX"),
            new Kind(0, "\u0080\u0002", "a Python pickle, expected an ONNX model; export it to ONNX"),
            new Kind(0, "\u0080\u0004", "a Python pickle, expected an ONNX model; export it to ONNX"),
            new Kind(0, "\u0080\u0005", "a Python pickle, expected an ONNX model; export it to ONNX"),
            new Kind(0, "\u001f\u008b", "gzip-compressed, expected an ONNX model; unpack it"),
            new Kind(0, "\u0089HDF", "an HDF5 (Keras) model, expected ONNX; convert it with tf2onnx"),
            new Kind(0, "GGUF", "a GGUF model, expected ONNX; export it to ONNX"),
            new Kind(0, "<", "HTML or XML, expected an ONNX model; look at what was downloaded"),
            new Kind(0, "{", "JSON, expected an ONNX model; look at what was downloaded"));

    private FileKind() {}

    /** Throws if these are the first bytes of something else. */
    static void requireOnnx(Path file, byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        for (Kind kind : KINDS) {
            if (text.startsWith(kind.magic, kind.offset)) {
                throw new ModelLoadException("model file " + file + ": is " + kind.what);
            }
        }
        if (isText(head)) {
            throw new ModelLoadException(
                    "model file " + file + ": is a text, expected an ONNX model; look at what was copied there");
        }
    }

    /** No ONNX model begins with this many printable characters: fields come with their lengths. */
    private static boolean isText(byte[] head) {
        return head.length >= 8
                && java.util.stream.IntStream.range(0, head.length)
                        .map(it -> head[it])
                        .allMatch(it -> it >= ' ' && it < 127 || it == '\n' || it == '\r' || it == '\t');
    }
}
