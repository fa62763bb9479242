package dev.kitchen.onnx;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.MessageText;
import dev.kitchen.onnx.Roads.ForeignEntry;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Opens the road through the C API, or says what stands in the way. Touches nothing of the Java API. */
final class ForeignEntrance {

    private static final int FIRST_JDK = 22;
    private static final int FIRST_MINOR = 23;
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
            return ForeignEntry.closed("this kitchen-onnx lacks its classes: it was built on a JDK older than "
                    + FIRST_JDK + ", or a tool that shrinks jars left them out");
        } catch (InvocationTargetException e) {
            return ForeignEntry.closed(cause(e.getCause() == null ? e : e.getCause()));
        } catch (ReflectiveOperationException | IOException | KitchenException | LinkageError e) {
            return ForeignEntry.closed(cause(e));
        }
    }

    private static String cause(Throwable e) {
        if (e instanceof IllegalCallerException) {
            return NativeAccess.denied(ForeignEntrance.class);
        }
        return MessageText.of(String.valueOf(e instanceof KitchenException ? e.getMessage() : e), 300);
    }

    /** Compiled for a newer JDK than this class, so found by name. */
    private static Road road(Path library) throws ReflectiveOperationException {
        Class<?> type = Class.forName("dev.kitchen.onnx.ForeignRoad");
        Road road = (Road) type.getDeclaredMethod("over", Path.class).invoke(null, library);
        Telemetry.warnOf(road.version());
        return road;
    }

    /** Takes the library that is mapped already, if it is the right one: copies of two versions break each other. */
    private static ForeignEntry open(NativePlatform platform) throws IOException, ReflectiveOperationException {
        RuntimeJars jars = RuntimeJars.onClassPath(RuntimeState.loader());
        jars.requireOneVersion();
        requireCApi(jars);
        String fileName = platform.fileName(LIBRARY);
        Optional<MappedLibrary> mapped = MappedLibraries.find(fileName);
        if (mapped.isPresent() && mapped.get().exists()) {
            Path library = mapped.get().file();
            MappedLibraries.requireVersion(library, jars.version());
            return new ForeignEntry(Optional.of(road(library)), "", Optional.empty());
        }
        NativeInstallation installed = install(platform, fileName);
        Path library = installed.directory().path().resolve(fileName);
        if (mapped.isPresent()) {
            mapped.get().requireSame(library);
        }
        return new ForeignEntry(Optional.of(road(library)), "", Optional.of(installed));
    }

    /** Before anything is loaded, where the class path says enough. */
    private static void requireCApi(RuntimeJars jars) {
        Optional<RuntimeVersion> version = jars.version().flatMap(RuntimeVersion::parse);
        if (version.isPresent() && !version.get().isAtLeast(1, FIRST_MINOR)) {
            throw new ConfigurationException("it needs ONNX Runtime 1." + FIRST_MINOR + " or newer, and "
                    + MessageText.of(jars.version().orElse(""), 40) + " is on the class path");
        }
    }

    private static NativeInstallation install(NativePlatform platform, String fileName) throws IOException {
        Optional<String> chosen = NativeSettings.chosenByUser();
        if (chosen.isPresent()) {
            throw new ConfigurationException(chosen.get() + " says where the Java API finds its libraries");
        }
        ClassLoader loader = RuntimeState.loader();
        List<NativeResource> resources = NativeResource.onClassPath(loader, platform).stream()
                .filter(it -> it.fileName().equals(fileName))
                .toList();
        if (resources.isEmpty()) {
            throw new ConfigurationException(LoadFailure.noLibraries(platform, loader));
        }
        return NativeInstallation.of(resources, StoreLocations.current());
    }
}
