package dev.kitchen.models;

import dev.kitchen.store.Names;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells the names of models and versions in a plain directory from what people, systems and programs leave there. */
final class PlainNames {

    private static final Set<String> LEFTOVERS = Set.of(
            "old",
            "tmp",
            "temp",
            "bak",
            "backup",
            "backups",
            "trash",
            "lost+found",
            "__macosx",
            "__pycache__",
            "$recycle.bin",
            "system volume information");

    private static final Pattern LEFTOVER = Pattern.compile(
            "[.#~].*|.*(~|\\.(bak|backup|old|orig|save|tmp|temp|swp|part|partial|filepart|download|crdownload))");

    private PlainNames() {}

    /** Whether nobody means it to be a model or a version. */
    static boolean isLeftover(Path path) {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        return LEFTOVERS.contains(name) || LEFTOVER.matcher(name).matches();
    }

    /** Whether a directory is one of a version. */
    static boolean isVersion(Path directory) {
        return !isLeftover(directory)
                && Names.problemOfVersion("version", directory.getFileName().toString())
                        .isEmpty();
    }
}
