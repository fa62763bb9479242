package dev.kitchen.onnx.scan;

import dev.kitchen.error.MessageText;
import dev.kitchen.error.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tensor data that lies outside the model file. A model says by name where, and a hostile one would name any file of
 * this machine: only regular files inside the model's own directory, with one name each, are let through.
 */
final class ExternalData {

    private static final Pattern DECIMAL = Pattern.compile("\\d{1,18}");
    private static final Pattern DRIVE = Pattern.compile("^[A-Za-z]:.*", Pattern.DOTALL);
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\\\]");
    private static final Pattern PARENT = Pattern.compile("(^|/)\\.\\.(/|$)");

    private final Path model;
    private final ModelDirectories directories;
    private final Map<String, Path> locations = new LinkedHashMap<>();
    private final Map<Path, FileIdentity> identities = new LinkedHashMap<>();

    /** @param model with all links resolved */
    ExternalData(Path model, ModelDirectories directories) {
        this.model = model;
        this.directories = directories;
    }

    /** The files that the model's tensors lie in, with all links resolved. */
    Set<Path> files() {
        return new LinkedHashSet<>(locations.values());
    }

    /** The same files by the names that the model has for them. */
    Map<String, Path> locations() {
        return locations;
    }

    /** Those files, and the links and directories on the way to them, as they were when they were checked. */
    Collection<FileIdentity> identities() {
        return identities.values();
    }

    /**
     * Lets a tensor's data through, or throws.
     *
     * @param entries ONNX's {@code external_data}: location, offset, length
     * @param bytes how many the tensor needs; -1 where that is not known
     */
    void check(String tensor, Map<String, String> entries, long bytes) {
        String location = entries.getOrDefault("location", "");
        String place = "model file " + model + ": external data of the tensor '" + MessageText.of(tensor, 100)
                + "' at '" + MessageText.of(location, 200) + "'";
        Path file = resolve(place, location);
        long size = size(place, file);
        long offset = number(place, "offset", entries.getOrDefault("offset", "0"));
        long length = number(
                place, "length", entries.getOrDefault("length", Long.toString(bytes < 0 ? size - offset : bytes)));
        if (bytes >= 0 && length != bytes) {
            throw refused(place, "has " + length + " bytes, expected " + bytes);
        }
        if (offset > size || length > size - offset || length < 0) {
            throw refused(place, "is cut off: it has " + size + " bytes, expected " + length + " from byte " + offset);
        }
        locations.put(location, file);
    }

    /** Notes once how a file or link looks that something is loaded through. */
    private void identify(Path path) throws IOException {
        if (!identities.containsKey(path)) {
            identities.put(path, FileIdentity.settled(path));
        }
    }

    private Path resolve(String place, String location) {
        if (location.isBlank()) {
            throw refused(place, "has no location, expected a file name");
        }
        boolean leavesDirectory = location.startsWith("/")
                || location.startsWith("*")
                || PARENT.matcher(location).find()
                || DRIVE.matcher(location).matches()
                || UNPRINTABLE.matcher(location).find();
        if (leavesDirectory) {
            throw outside(place);
        }
        try {
            Path named = directories.locate(location);
            for (Path step : directories.steps(named)) {
                identify(step);
            }
            Path file = named.toRealPath();
            identify(file);
            if (!directories.contain(file)) {
                throw outside(place);
            }
            return file;
        } catch (InvalidPathException e) {
            throw outside(place);
        } catch (IOException e) {
            throw refused(place, "is missing, expected a file beside the model; copy it there under that name");
        }
    }

    private long size(String place, Path file) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile() || file.equals(model)) {
                throw refused(place, "is not a data file, expected a regular file other than the model");
            }
            if (links(file) > 1) {
                throw refused(place, "has other names elsewhere on this machine (hard links), expected one; copy it");
            }
            return attributes.size();
        } catch (IOException e) {
            throw new ModelLoadException(place + " cannot be read: " + e, e);
        }
    }

    private static int links(Path file) throws IOException {
        boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
        return unix ? (Integer) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) : 1;
    }

    private static long number(String place, String key, String text) {
        if (!DECIMAL.matcher(text).matches()) {
            throw refused(place, "has the " + key + " '" + MessageText.of(text, 40) + "', expected a number");
        }
        return Long.parseLong(text);
    }

    private static ModelLoadException outside(String place) {
        return refused(place, "is not allowed, expected the name of a file inside the model's directory");
    }

    private static ModelLoadException refused(String place, String what) {
        return new ModelLoadException(place + " " + what);
    }
}
