package dev.kitchen.tflite;

import dev.kitchen.error.MessageText;
import dev.kitchen.error.ModelLoadException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The small files, such as labels, that tools append to a model as a zip. Only texts are read, and of them only so much:
 * a zip can unpack to any size.
 */
final class AssociatedFiles {

    private static final int MAX_FILES = 64;
    private static final int MAX_BYTES = 4 << 20;
    private static final int TAIL_BYTES = 1 << 16;
    private static final byte[] LOCAL_HEADER = {'P', 'K', 3, 4};
    private static final int END_BYTES = 22;

    private AssociatedFiles() {}

    /** The texts by their names; none where nothing is appended. */
    static Map<String, String> read(TfliteFile file) {
        byte[] bytes = file.content().bytes();
        int start = start(bytes);
        if (start < 0) {
            return Map.of();
        }
        Map<String, String> texts = new LinkedHashMap<>();
        int left = MAX_BYTES;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes, start, bytes.length - start))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (texts.size() == MAX_FILES) {
                    throw tooMuch(file, "more than " + MAX_FILES + " files");
                }
                byte[] text = isText(entry.getName()) ? zip.readNBytes(left + 1) : new byte[0];
                left -= text.length;
                if (left < 0) {
                    throw tooMuch(file, "more than " + MAX_BYTES + " bytes");
                }
                if (isText(entry.getName())) {
                    texts.put(MessageText.of(entry.getName(), 200), new String(text, StandardCharsets.UTF_8));
                } else {
                    skip(zip, file);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new ModelLoadException(
                    "model file " + file.path() + ": the files appended to it are damaged: " + e.getMessage(), e);
        }
        return texts;
    }

    private static void skip(InputStream zip, TfliteFile file) throws IOException {
        byte[] buffer = new byte[8192];
        long skipped = 0;
        for (int count = zip.read(buffer); count >= 0; count = zip.read(buffer)) {
            skipped += count;
            if (skipped > 16L * MAX_BYTES) {
                throw tooMuch(file, "a file of more than " + 16 * MAX_BYTES + " bytes");
            }
        }
    }

    private static boolean isText(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".txt") || lower.endsWith(".csv") || lower.endsWith(".json");
    }

    private static ModelLoadException tooMuch(TfliteFile file, String what) {
        return new ModelLoadException("model file " + file.path() + ": " + what + " are appended to it");
    }

    /** Where the zip begins: what its end says of its directory tells that. */
    private static int start(byte[] bytes) {
        int last = bytes.length - END_BYTES;
        for (int end = last; end >= 0 && end > last - TAIL_BYTES; end--) {
            if (bytes[end] == 'P' && bytes[end + 1] == 'K' && bytes[end + 2] == 5 && bytes[end + 3] == 6) {
                return firstHeader(bytes, end);
            }
        }
        return -1;
    }

    /** Tools write offsets from the zip's begin or from the file's, so its first header is looked for. */
    private static int firstHeader(byte[] bytes, int end) {
        long directory = littleEndian(bytes, end + 16);
        long size = littleEndian(bytes, end + 12);
        long start = end - size - directory;
        if (start >= 0 && isHeader(bytes, start)) {
            return (int) start;
        }
        long first = end - size;
        if (first < 0 || first + 46 > bytes.length) {
            return -1;
        }
        long header = littleEndian(bytes, (int) first + 42);
        return isHeader(bytes, header) ? (int) header : -1;
    }

    private static boolean isHeader(byte[] bytes, long place) {
        for (int i = 0; i < LOCAL_HEADER.length; i++) {
            if (place < 0 || place + i >= bytes.length || bytes[(int) place + i] != LOCAL_HEADER[i]) {
                return false;
            }
        }
        return true;
    }

    private static long littleEndian(byte[] bytes, int place) {
        return (bytes[place] & 0xffL)
                | (bytes[place + 1] & 0xffL) << 8
                | (bytes[place + 2] & 0xffL) << 16
                | (bytes[place + 3] & 0xffL) << 24;
    }
}
