package dev.kitchen.onnx.natives;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the native libraries may be kept, best place first: the directory in the system property
 * {@code kitchen.native.dir} and nowhere else, or else the user's cache directory, and then the temporary directory.
 *
 * @param chosenByUser whether the user named the one place there is
 */
public record StoreLocations(List<Path> candidates, boolean chosenByUser) {

    static final String PROPERTY = "kitchen.native.dir";

    public StoreLocations {
        candidates = List.copyOf(candidates);
    }

    public static StoreLocations current() {
        return of(NativePlatform.current(), System::getProperty, System::getenv);
    }

    /** Null stands for an unset property or variable, as in the methods passed in. */
    static StoreLocations of(
            NativePlatform platform,
            Function<String, @Nullable String> properties,
            Function<String, @Nullable String> environment) {
        String chosen = properties.apply(PROPERTY);
        if (chosen != null && !chosen.isBlank()) {
            return new StoreLocations(List.of(Path.of(chosen).toAbsolutePath()), true);
        }
        List<Path> candidates = new ArrayList<>();
        String home = properties.apply("user.home");
        if (platform.isWindows()) {
            add(candidates, environment.apply("LOCALAPPDATA"), "kitchen/natives");
        } else if (platform.isMac()) {
            add(candidates, home, "Library/Caches/kitchen/natives");
        } else if (!add(candidates, environment.apply("XDG_CACHE_HOME"), "kitchen/natives")) {
            add(candidates, home, ".cache/kitchen/natives");
        }
        add(candidates, properties.apply("java.io.tmpdir"), "kitchen-natives-" + user(properties.apply("user.name")));
        return new StoreLocations(candidates, false);
    }

    /** Relative bases are ignored, as the XDG rules ask; a user without an entry in passwd has the home {@code ?}. */
    private static boolean add(List<Path> candidates, @Nullable String base, String rest) {
        try {
            if (base != null && Path.of(base).isAbsolute()) {
                return candidates.add(Path.of(base).resolve(rest));
            }
        } catch (InvalidPathException e) {
            return false;
        }
        return false;
    }

    private static String user(@Nullable String name) {
        return name == null ? "unknown" : name.replaceAll("[^A-Za-z0-9._-]", "_");
    }
}
