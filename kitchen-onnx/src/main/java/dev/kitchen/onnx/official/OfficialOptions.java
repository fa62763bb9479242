package dev.kitchen.onnx.official;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.run.SessionSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the session options of the Java API. */
final class OfficialOptions {

    private static final Logger LOGGER = LoggerFactory.getLogger(OfficialOptions.class);

    private OfficialOptions() {}

    static SessionOptions of(SessionSettings options) {
        SessionOptions session = new SessionOptions();
        try {
            // What goes wrong is thrown; what it logs would go past the application's log, to the console.
            session.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            if (options.sharedThreads()) {
                session.disablePerSessionThreads();
            } else {
                session.setIntraOpNumThreads(options.intraOpThreads());
                session.setInterOpNumThreads(options.interOpThreads());
            }
            session.setExecutionMode(
                    options.interOpThreads() > 1
                            ? SessionOptions.ExecutionMode.PARALLEL
                            : SessionOptions.ExecutionMode.SEQUENTIAL);
            session.setOptimizationLevel(level(options.optimizationLevel()));
            session.setCPUArenaAllocator(options.memoryArena());
            for (Path library : options.customOpLibraries()) {
                register(session, library);
            }
            addProviders(session, options);
            return session;
        } catch (OrtException e) {
            session.close();
            throw new ConfigurationException("ONNX options: refused by ONNX Runtime: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    private static OptLevel level(int number) {
        return Arrays.stream(OptLevel.values())
                .filter(level -> level.getID() == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("ONNX Runtime has no optimization level " + number));
    }

    private static void register(SessionOptions session, Path library) {
        try {
            session.registerCustomOpLibrary(library.toAbsolutePath().toString());
        } catch (OrtException e) {
            throw new ModelLoadException("custom-op library " + library + ": " + e.getMessage(), e);
        }
    }

    /** Adds each provider once; leaves out what is not there. */
    private static void addProviders(SessionOptions session, SessionSettings options) {
        Set<SessionSettings.Provider> missing = new LinkedHashSet<>();
        String reason = "";
        for (SessionSettings.Provider provider : new LinkedHashSet<>(options.providers())) {
            try {
                add(session, provider, options.memoryArena());
            } catch (OrtException | UnsatisfiedLinkError e) {
                missing.add(provider);
                reason = String.valueOf(e.getMessage());
            }
        }
        if (!missing.isEmpty()) {
            LOGGER.warn("execution providers {} are not available, running without them ({})", missing, reason);
        }
    }

    private static void add(SessionOptions session, SessionSettings.Provider provider, boolean memoryArena)
            throws OrtException {
        Map<String, String> options = provider.options();
        switch (provider.name()) {
            case "CPU" -> session.addCPU(memoryArena);
            case "CUDA" -> addCuda(session, options);
            case "TENSORRT" -> addTensorrt(session, options);
            case "ROCM" -> session.addROCM(device(options));
            case "DIRECTML" -> session.addDirectML(device(options));
            case "OPENVINO" -> session.addOpenVINO(options.getOrDefault("device_id", ""));
            case "DNNL" -> session.addDnnl(memoryArena);
            case "XNNPACK" -> session.addXnnpack(options);
            case "COREML" -> session.addCoreML(options);
            case "QNN" -> session.addQnn(options);
            case "WEBGPU" -> session.addWebGPU(options);
            default -> throw new IllegalArgumentException("unknown execution provider " + provider.name());
        }
    }

    private static void addCuda(SessionOptions session, Map<String, String> options) throws OrtException {
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device(options))) {
            for (Map.Entry<String, String> option : options.entrySet()) {
                cuda.add(option.getKey(), option.getValue());
            }
            session.addCUDA(cuda);
        }
    }

    private static void addTensorrt(SessionOptions session, Map<String, String> options) throws OrtException {
        try (OrtTensorRTProviderOptions tensorrt = new OrtTensorRTProviderOptions(device(options))) {
            for (Map.Entry<String, String> option : options.entrySet()) {
                tensorrt.add(option.getKey(), option.getValue());
            }
            session.addTensorrt(tensorrt);
        }
    }

    private static int device(Map<String, String> options) {
        String text = options.getOrDefault("device_id", "0");
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new ConfigurationException("execution provider: device_id is '" + text + "', expected a number", e);
        }
    }
}
