package dev.kitchen.onnx.natives;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * What tells the content of one library from another's.
 *
 * @param crc CRC-32, which a jar's directory has too
 * @param size in bytes
 * @param sha256 in hexadecimal
 */
record LibraryDigest(long crc, long size, String sha256) {

    private static final int CHUNK_BYTES = 1 << 16;

    static LibraryDigest of(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return of(content);
        }
    }

    static LibraryDigest of(InputStream content) throws IOException {
        CRC32 crc = new CRC32();
        MessageDigest sha256 = newSha256();
        byte[] chunk = new byte[CHUNK_BYTES];
        long size = 0;
        for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
            crc.update(chunk, 0, read);
            sha256.update(chunk, 0, read);
            size += read;
        }
        return new LibraryDigest(crc.getValue(), size, HexFormat.of().formatHex(sha256.digest()));
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
