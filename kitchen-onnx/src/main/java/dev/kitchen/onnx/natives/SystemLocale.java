package dev.kitchen.onnx.natives;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The locales that glibc has: the operator StringNormalizer does not run without {@code en_US.UTF-8}. */
final class SystemLocale {

    private static final int MAGIC = 0xde020109;
    private static final int STRING_OFFSET_AT = 20;
    private static final int MAX_NAMES_BYTES = 1 << 20;

    private SystemLocale() {}

    static boolean hasEnUsUtf8() {
        return hasEnUsUtf8(Path.of("/usr/lib/locale"));
    }

    static boolean hasEnUsUtf8(Path locales) {
        return List.of("en_US.utf8", "en_US.UTF-8").stream().anyMatch(name -> Files.isDirectory(locales.resolve(name)))
                || names(locales.resolve("locale-archive")).contains("\0en_US.utf8\0");
    }

    /** The names in the archive, each between two NUL. The header says where they are: the rest may be 200 MB. */
    private static String names(Path archive) {
        try (FileChannel file = FileChannel.open(archive)) {
            ByteBuffer header = read(file, 0, STRING_OFFSET_AT + 2 * Integer.BYTES);
            if (header.getInt(0) != MAGIC) {
                return "";
            }
            int offset = header.getInt(STRING_OFFSET_AT);
            int length = Math.min(header.getInt(STRING_OFFSET_AT + Integer.BYTES), MAX_NAMES_BYTES);
            if (offset < 0 || length < 0) {
                return "";
            }
            return "\0" + StandardCharsets.ISO_8859_1.decode(read(file, offset, length));
        } catch (IOException e) {
            return "";
        }
    }

    private static ByteBuffer read(FileChannel file, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
        while (buffer.hasRemaining()) {
            if (file.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("the archive ends early");
            }
        }
        return buffer.flip();
    }
}
