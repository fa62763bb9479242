package dev.kitchen.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;

/** What the answers of a model depend on besides its file, as a text: see {@link dev.kitchen.spi.Backend#variant}. */
final class AnswerSettings {

    private AnswerSettings() {}

    /** Of these options, those that change numbers; threads, memory and limits do not. */
    static String of(String runtimeVersion, OnnxOptions options) {
        List<String> parts = new ArrayList<>();
        parts.add("onnxruntime " + runtimeVersion);
        parts.add("optimization " + options.optimization());
        options.executionProviders().forEach(it -> parts.add(it.kind() + " " + new TreeMap<>(it.options())));
        options.customOpLibraries().forEach(it -> parts.add("operators " + hash(it)));
        return String.join("; ", parts);
    }

    /** Libraries are the same where their content is, wherever they lie. */
    private static String hash(Path library) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(library)));
        } catch (IOException | NoSuchAlgorithmException e) {
            return UUID.randomUUID().toString(); // nobody knows what it was, so nobody shares its answers
        }
    }
}
