package dev.kitchen.onnx.foreign;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.MessageText;
import dev.kitchen.onnx.natives.LoadFailure;
import dev.kitchen.onnx.natives.MappedLibraries;
import dev.kitchen.onnx.natives.MappedLibrary;
import dev.kitchen.onnx.natives.NativeAccess;
import dev.kitchen.onnx.natives.NativeInstallation;
import dev.kitchen.onnx.natives.NativePlatform;
import dev.kitchen.onnx.natives.NativeResource;
import dev.kitchen.onnx.natives.NativeSettings;
import dev.kitchen.onnx.natives.RuntimeJars;
import dev.kitchen.onnx.natives.RuntimeState;
import dev.kitchen.onnx.natives.RuntimeVersion;
import dev.kitchen.onnx.natives.StoreLocations;
import dev.kitchen.onnx.natives.Telemetry;
import dev.kitchen.onnx.run.OnnxRuntimeApi;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Loads the classes that call the C API, which are compiled for a newer JDK, or says why they cannot be used. Does not
 * initialise any class of the Java API.
 */
public final class ForeignLoader {

    private static final int FIRST_JDK = 22;
    private static final int FIRST_MINOR = 23;
    private static final String LIBRARY = "onnxruntime";

    private ForeignLoader() {}

    public static ForeignLoading load() {
        if (Runtime.version().feature() < FIRST_JDK) {
            return ForeignLoading.refused("it needs JDK " + FIRST_JDK + " or newer, this is "
                    + Runtime.version().feature());
        }
        NativePlatform platform = NativePlatform.current();
        if (!platform.isLinux()) {
            return ForeignLoading.refused("it is only used on Linux, this is " + platform);
        }
        try {
            return load(platform);
        } catch (ClassNotFoundException e) {
            return ForeignLoading.refused("this kitchen-onnx lacks its classes: it was built on a JDK older than "
                    + FIRST_JDK + ", or a tool that shrinks jars left them out");
        } catch (InvocationTargetException e) {
            return ForeignLoading.refused(cause(e.getCause() == null ? e : e.getCause()));
        } catch (ReflectiveOperationException | IOException | KitchenException | LinkageError e) {
            return ForeignLoading.refused(cause(e));
        }
    }

    private static String cause(Throwable e) {
        if (e instanceof IllegalCallerException) {
            return NativeAccess.denied(ForeignLoader.class);
        }
        return MessageText.of(String.valueOf(e instanceof KitchenException ? e.getMessage() : e), 300);
    }

    /** Compiled for a newer JDK than this class, so found by name. */
    private static OnnxRuntimeApi api(Path library) throws ReflectiveOperationException {
        Class<?> type = Class.forName("dev.kitchen.onnx.foreign.ForeignRuntime");
        OnnxRuntimeApi api =
                (OnnxRuntimeApi) type.getDeclaredMethod("over", Path.class).invoke(null, library);
        Telemetry.warnOf(api.version());
        return api;
    }

    /** Takes the library that is mapped already, if it is the right one: copies of two versions break each other. */
    private static ForeignLoading load(NativePlatform platform) throws IOException, ReflectiveOperationException {
        RuntimeJars jars = RuntimeJars.onClassPath(RuntimeState.loader());
        jars.requireOneVersion();
        requireCApi(jars);
        String fileName = platform.fileName(LIBRARY);
        Optional<MappedLibrary> mapped = MappedLibraries.find(fileName);
        if (mapped.isPresent() && mapped.get().exists()) {
            Path library = mapped.get().file();
            MappedLibraries.requireVersion(library, jars.version());
            return new ForeignLoading(Optional.of(api(library)), "", Optional.empty());
        }
        NativeInstallation installed = install(platform, fileName);
        Path library = installed.directory().path().resolve(fileName);
        if (mapped.isPresent()) {
            mapped.get().requireSame(library);
        }
        return new ForeignLoading(Optional.of(api(library)), "", Optional.of(installed));
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
