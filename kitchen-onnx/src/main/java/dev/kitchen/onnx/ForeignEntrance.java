package dev.kitchen.onnx;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.onnx.Roads.ForeignEntry;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Opens the road through the C API, or says what stands in the way. Touches nothing of the Java API. */
final class ForeignEntrance {

    private static final int FIRST_JDK = 22;
    private static final String LIBRARY = "onnxruntime";

    private ForeignEntrance() {}

    static ForeignEntry open() {
        if (Runtime.version().feature() < FIRST_JDK) {
            return ForeignEntry.closed("it needs JDK " + FIRST_JDK + " or newer, this is "
                    + Runtime.version().feature());
        }
        NativePlatform platform = NativePlatform.current();
        if (!platform.isLinux()) {
            return ForeignEntry.closed("nobody has tried it on " + platform);
        }
        try {
            return open(platform);
        } catch (ClassNotFoundException e) {
            return ForeignEntry.closed("this kitchen-onnx was built on a JDK older than " + FIRST_JDK);
        } catch (InvocationTargetException e) {
            return ForeignEntry.closed(cause(e.getCause() == null ? e : e.getCause()));
        } catch (ReflectiveOperationException | IOException | KitchenException | LinkageError e) {
            return ForeignEntry.closed(cause(e));
        }
    }

    private static String cause(Throwable e) {
        if (e instanceof IllegalCallerException) {
            return "the JVM denies native access; start it with --enable-native-access=ALL-UNNAMED";
        }
        return OneLine.of(String.valueOf(e instanceof KitchenException ? e.getMessage() : e), 300);
    }

    /** Compiled for a newer JDK than this class, so found by name. */
    private static Road road(Path library) throws ReflectiveOperationException {
        Class<?> type = Class.forName("dev.kitchen.onnx.ForeignRoad");
        return (Road) type.getDeclaredMethod("over", Path.class).invoke(null, library);
    }

    /** Takes the library that is mapped already, if it is the right one: copies of two versions break each other. */
    private static ForeignEntry open(NativePlatform platform) throws IOException, ReflectiveOperationException {
        ClassLoader loader = RuntimeState.loader();
        RuntimeJars jars = RuntimeJars.onClassPath(loader);
        jars.requireOneVersion();
        String fileName = platform.fileName(LIBRARY);
        Optional<Path> mapped = MappedLibraries.find(fileName);
        if (mapped.isPresent()) {
            Path library = MappedLibraries.requireVersion(mapped.get(), jars.version());
            return new ForeignEntry(Optional.of(road(library)), "", Optional.empty());
        }
        Optional<String> chosen = NativeSettings.chosenByUser();
        if (chosen.isPresent()) {
            throw new ConfigurationException(chosen.get() + " says where the Java API finds its libraries");
        }
        List<NativeResource> resources = NativeResource.onClassPath(loader, platform).stream()
                .filter(it -> it.fileName().equals(fileName))
                .toList();
        if (resources.isEmpty()) {
            throw new ConfigurationException(LoadFailure.noLibraries(platform, loader));
        }
        NativeInstallation installed = NativeInstallation.of(resources, StoreLocations.current());
        Road road = road(installed.directory().path().resolve(fileName));
        return new ForeignEntry(Optional.of(road), "", Optional.of(installed));
    }
}
