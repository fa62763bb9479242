package dev.kitchen.onnx.natives;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.MessageText;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native libraries, ready to be loaded by one class loader. To be kept as long as the class loader may load more
 * of them.
 *
 * @param directory where they are
 * @param sweptDirectories how many directories of dead JVMs were deleted on the way
 */
public record NativeInstallation(NativeDirectory directory, int sweptDirectories) {

    private static final Logger LOGGER = LoggerFactory.getLogger(NativeInstallation.class);

    /**
     * Installs in the first location that can be used.
     *
     * @throws ConfigurationException naming every location and what is wrong with it
     */
    public static NativeInstallation of(List<NativeResource> resources, StoreLocations locations) {
        List<String> problems = new ArrayList<>();
        for (Path candidate : locations.candidates()) {
            try {
                NativeInstallation installation = in(PrivateDirectory.checked(candidate), resources);
                LOGGER.debug("native libraries are in {}; passed over: {}", candidate, problems);
                return installation;
            } catch (IOException e) {
                problems.add(problem(candidate, e));
            }
        }
        throw new ConfigurationException("no place for ONNX Runtime's native libraries: "
                + String.join("; ", problems)
                + "; set -D" + StoreLocations.PROPERTY
                + " to a directory of this user's own, with room for 30 MB and not mounted noexec");
    }

    private static NativeInstallation in(Path directory, List<NativeResource> resources) throws IOException {
        Path running = PrivateDirectory.create(directory.resolve("running"));
        int swept = StaleDirectories.sweep(running, NativeDirectory.processName());
        NativeStore store = NativeStore.in(directory);
        NativeDirectory libraries = NativeDirectory.createIn(running);
        for (NativeResource resource : resources) {
            libraries.add(resource.fileName(), store.file(resource, libraries.path()));
        }
        return new NativeInstallation(libraries, swept);
    }

    /** In one line, without what {@link FileSystemException} says twice. */
    static String problem(Path place, IOException failure) {
        String reason = failure instanceof FileSystemException file && file.getReason() != null
                ? file.getReason()
                : failure.getClass().getSimpleName() + ": " + failure.getMessage();
        return place + " " + MessageText.of(reason, 200);
    }
}
