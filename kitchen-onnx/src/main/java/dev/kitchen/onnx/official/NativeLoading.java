package dev.kitchen.onnx.official;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.MessageText;
import dev.kitchen.onnx.natives.LoadFailure;
import dev.kitchen.onnx.natives.NativeInstallation;
import dev.kitchen.onnx.natives.NativePlatform;
import dev.kitchen.onnx.natives.NativeResource;
import dev.kitchen.onnx.natives.NativeSettings;
import dev.kitchen.onnx.natives.RuntimeJars;
import dev.kitchen.onnx.natives.RuntimeState;
import dev.kitchen.onnx.natives.RuntimeVersion;
import dev.kitchen.onnx.natives.StaleDirectories;
import dev.kitchen.onnx.natives.StoreLocations;
import dev.kitchen.onnx.natives.Telemetry;
import dev.kitchen.onnx.natives.TemporaryDirectory;
import dev.kitchen.onnx.run.SharedThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ONNX Runtime, loaded into this class loader.
 *
 * @param environment its environment, with telemetry off
 * @param installation where its libraries came from; empty if the user, or whoever loaded it before, has chosen
 */
record NativeLoading(OrtEnvironment environment, Optional<NativeInstallation> installation) {

    private static final Logger LOGGER = LoggerFactory.getLogger(NativeLoading.class);

    /**
     * Loads it. Callers hold the lock of the whole JVM.
     *
     * @throws ConfigurationException saying why it cannot be loaded, and the cure
     */
    static NativeLoading load() {
        ClassLoader loader = RuntimeState.loader();
        try {
            return RuntimeState.isLoaded()
                    ? new NativeLoading(create(), Optional.empty())
                    : loadFirst(NativePlatform.current(), loader);
        } catch (KitchenException e) {
            throw e;
        } catch (LinkageError | RuntimeException | IOException e) {
            throw LoadFailure.of(e, NativePlatform.current(), loader);
        }
    }

    private static NativeLoading loadFirst(NativePlatform platform, ClassLoader loader) throws IOException {
        RuntimeJars jars = RuntimeJars.onClassPath(loader);
        jars.requireOneVersion();
        TemporaryDirectory.require();
        List<NativeResource> resources =
                NativeSettings.chosenByUser().isEmpty() ? NativeResource.onClassPath(loader, platform) : List.of();
        NativeLoading loaded;
        if (resources.isEmpty()) {
            loaded = new NativeLoading(create(), Optional.empty());
        } else {
            NativeInstallation installation = NativeInstallation.of(resources, StoreLocations.current());
            Path directory = installation.directory().path();
            OrtEnvironment environment = NativeSettings.withDirectory(
                    directory,
                    () -> ShutdownHooks.without(
                            directory.resolve(System.mapLibraryName("onnxruntime")), NativeLoading::create));
            loaded = new NativeLoading(environment, Optional.of(installation));
            StaleDirectories.sweepEmptyOnes(
                    TemporaryDirectory.path(), installation.directory().path(), Instant.now());
        }
        jars.version()
                .ifPresent(version -> requireSame(version, loaded.environment().getVersion()));
        return loaded;
    }

    private static OrtEnvironment create() {
        OrtEnvironment environment = sharing();
        try {
            environment.setTelemetry(false);
        } catch (OrtException e) {
            LOGGER.warn("ONNX Runtime's telemetry cannot be turned off", e);
        }
        Telemetry.warnOf(environment.getVersion());
        EnvironmentPin.pin();
        return environment;
    }

    /** One with threads that sessions can share, where nobody made one before. */
    private static OrtEnvironment sharing() {
        try (OrtEnvironment.ThreadingOptions threads = new OrtEnvironment.ThreadingOptions()) {
            threads.setGlobalIntraOpNumThreads(SharedThreads.count());
            threads.setGlobalInterOpNumThreads(1);
            return OrtEnvironment.getEnvironment(
                    OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING, OrtEnvironment.DEFAULT_NAME, threads);
        } catch (IllegalStateException e) {
            LOGGER.debug("ONNX Runtime's environment is there already", e);
            return OrtEnvironment.getEnvironment();
        } catch (OrtException e) {
            throw new ConfigurationException("ONNX Runtime refuses threads to share: " + e.getMessage(), e);
        }
    }

    private static void requireSame(String classes, String natives) {
        if (!RuntimeVersion.parse(classes).equals(RuntimeVersion.parse(natives))) {
            throw new ConfigurationException("ONNX Runtime's classes are version " + MessageText.of(classes, 40)
                    + " but its native libraries are version " + MessageText.of(natives, 40)
                    + "; take both from the same onnxruntime jar"
                    + NativeSettings.chosenByUser()
                            .map(chosen -> ", or unset " + chosen)
                            .orElse(""));
        }
    }
}
