package dev.kitchen.onnx.scan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Where a model's external data may lie. Data lies in the directory of the model file itself, or below. A cache of
 * models such as Hugging Face's keeps all files of a model in one directory under other names, and a directory of links
 * to them: there the model's path is a link, and its data is looked up beside that link as well. What such a link leads
 * to must lie in the directory of the model file itself, or in that of the link; nothing else is let through.
 */
final class ModelDirectories {

    private static final int MAX_LINKS = 40;

    private final Path model;
    private final Path logicalModel;
    private final Path real;
    private final Path logical;
    private boolean usesLogical;

    /**
     * @param given the path that the caller gave
     * @param model the same with all links resolved
     */
    ModelDirectories(Path given, Path model) throws IOException {
        this.model = model;
        this.real = parent(model);
        Path absolute = given.toAbsolutePath();
        boolean isLink = Files.isSymbolicLink(absolute);
        this.logical = isLink ? parent(absolute).toRealPath() : real;
        this.logicalModel = isLink ? logical.resolve(absolute.getFileName()) : model;
    }

    private static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent(), "an absolute path has a directory");
    }

    /** The path to load the model by, so that ONNX Runtime looks for data where it was checked. */
    Path loadPath() {
        return usesLogical ? logicalModel : model;
    }

    /** Whether data was found beside the link to the model. */
    boolean usesLogical() {
        return usesLogical;
    }

    /** Where the data of this name lies: once beside the link, always beside the link. */
    Path locate(String location) {
        Path beside = logical.resolve(location);
        if (!logical.equals(real) && Files.exists(beside, LinkOption.NOFOLLOW_LINKS)) {
            usesLogical = true;
        }
        return usesLogical ? beside : real.resolve(location);
    }

    /** Whether a file, with all links resolved, lies where data may lie. */
    boolean contain(Path file) {
        return file.startsWith(real) || usesLogical && file.startsWith(logical);
    }

    /** The directories and links on the way to a file; the model's own link where data is looked up beside it. */
    List<Path> steps(Path named) throws IOException {
        List<Path> steps = new ArrayList<>();
        Path base = usesLogical ? logical : real;
        if (usesLogical) {
            addLinks(logicalModel, steps);
            steps.add(model);
        }
        Path step = base;
        for (Path name : base.relativize(named.normalize())) {
            step = step.resolve(name);
            addLinks(step, steps);
        }
        return steps;
    }

    private static void addLinks(Path first, List<Path> steps) throws IOException {
        Path step = first;
        for (int i = 0; i < MAX_LINKS; i++) {
            steps.add(step);
            if (!Files.isSymbolicLink(step)) {
                return;
            }
            step = parent(step).resolve(Files.readSymbolicLink(step)).normalize();
        }
    }
}
