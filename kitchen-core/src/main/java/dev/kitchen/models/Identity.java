package dev.kitchen.models;

import dev.kitchen.spi.Backend;
import dev.kitchen.spi.InferenceSession;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What tells the answers of one artifact from those of every other, in all processes: the same files answer differently
 * under another runtime, other options, or with other custom operators.
 */
final class Identity {

    private Identity() {}

    /** A SHA-256 over the hash of the files, the signature, and the backend with what its answers depend on. */
    static String of(String sha256, InferenceSession session, Backends backends) {
        String backend = session.metadata().backend();
        String variant = backends.named(backend).map(Backend::variant).orElse("");
        List<String> parts =
                List.of(sha256, backend, variant, session.signature().toString());
        StringBuilder text = new StringBuilder();
        parts.forEach(it -> text.append(it.length()).append(':').append(it));
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
