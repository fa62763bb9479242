package dev.kitchen.store;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.json.JsonTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The files of a version, each with its size and SHA-256. The same files make the same bytes, so that the SHA-256 of a
 * manifest stands for all of them.
 */
record Manifest(List<Entry> files) {

    static final String FILE_NAME = "manifest.json";

    private static final int MAX_BYTES = 10_000_000;

    /**
     * One file.
     *
     * @param path relative to the version's directory, with {@code /}
     */
    record Entry(String path, long size, String sha256) {}

    Manifest {
        files = files.stream().sorted(Comparator.comparing(Entry::path)).toList();
    }

    /** Of a directory's files, read now; a manifest among them is left out. */
    static Manifest ofDirectory(Path directory) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path file : FileTree.files(directory)) {
            String path = FileTree.relative(directory, file);
            if (!path.equals(FILE_NAME)) {
                entries.add(new Entry(path, Files.size(file), Sha256.of(file)));
            }
        }
        return new Manifest(entries);
    }

    /**
     * Reads one.
     *
     * @throws InvalidRequestException if it is none
     */
    static Manifest read(Path file) throws IOException {
        return parse(file.toString(), Files.readAllBytes(file));
    }

    static Manifest parse(String place, byte[] bytes) {
        JsonTree files = JsonTree.parse(place, bytes, MAX_BYTES)
                .member("files")
                .orElseThrow(() -> new InvalidRequestException(place + ": has no 'files', expected a manifest"));
        return new Manifest(files.elements(place + ": files").stream()
                .map(it -> entry(place, it))
                .toList());
    }

    private static Entry entry(String place, JsonTree entry) {
        return new Entry(
                member(place, entry, "path").string(place + ": path"),
                member(place, entry, "size").integer(place + ": size"),
                member(place, entry, "sha256").string(place + ": sha256"));
    }

    private static JsonTree member(String place, JsonTree entry, String name) {
        return entry.member(name)
                .orElseThrow(() -> new InvalidRequestException(place + ": a file has no '" + name + "'"));
    }

    byte[] bytes() {
        List<JsonTree> entries = files.stream()
                .map(it -> JsonTree.object()
                        .with("path", JsonTree.text(it.path()))
                        .with("size", JsonTree.number(it.size()))
                        .with("sha256", JsonTree.text(it.sha256())))
                .toList();
        return JsonTree.object()
                .with("files", JsonTree.array(entries))
                .toLines()
                .getBytes(StandardCharsets.UTF_8);
    }

    String sha256() {
        return Sha256.of(bytes());
    }

    long sizeBytes() {
        return files.stream().mapToLong(Entry::size).sum();
    }
}
