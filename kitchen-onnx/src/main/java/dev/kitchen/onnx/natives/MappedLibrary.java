package dev.kitchen.onnx.natives;

import dev.kitchen.error.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A shared library that this process has in memory.
 *
 * @param file where its file is, or was
 * @param device which Linux told it by, as {@code major:minor} in hexadecimal
 * @param inode of its file on that device
 */
public record MappedLibrary(Path file, String device, long inode) {

    public boolean exists() {
        return Files.exists(file);
    }

    /**
     * Does nothing where the other path leads to the very same file, which the dynamic loader then does not load again.
     *
     * @throws ConfigurationException if it is another file
     */
    public void requireSame(Path other) throws IOException {
        long number = (Long) Files.getAttribute(other, "unix:dev");
        long major = number >>> 8 & 0xfff | number >>> 32 & ~0xfffL;
        long minor = number & 0xff | number >>> 12 & ~0xffL;
        boolean same = (Long) Files.getAttribute(other, "unix:ino") == inode
                && device.equals(String.format("%02x:%02x", major, minor));
        if (!same) {
            throw new ConfigurationException("another ONNX Runtime is loaded from " + file + ", which is deleted");
        }
    }
}
