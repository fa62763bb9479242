package dev.kitchen.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.kitchen.Kitchen;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs operator trials in a JVM of its own and prints each step before the next. The numbers of the trials come
 * on the standard input. Arguments: {@code RAW} for ONNX Runtime's own Java API, or Kitchen's choice of API; a directory.
 */
final class OperatorTrialRun {

    private final String api;
    private final Path file;

    private OperatorTrialRun(String api, Path file) {
        this.api = api;
        this.file = file;
    }

    public static void main(String[] arguments) throws Exception {
        OperatorTrialRun run = new OperatorTrialRun(arguments[0], Path.of(arguments[1], "trial.onnx"));
        Map<String, List<OperatorSeed>> seeds = OperatorTrial.seeds();
        BufferedReader numbers = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String number = numbers.readLine(); number != null; number = numbers.readLine()) {
            run.run(new OperatorTrial(seeds, Integer.parseInt(number)));
            System.out.println("end " + number);
        }
        System.exit(0);
    }

    private void run(OperatorTrial trial) throws IOException {
        Files.write(file, trial.model().toByteArray());
        if (api.equals("RAW")) {
            runRaw(trial);
        } else {
            runKitchen(trial);
        }
    }

    private void runRaw(OperatorTrial trial) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session = environment.createSession(file.toString(), options)) {
                System.out.println("loaded");
                for (Map<String, Tensor> request : trial.requests()) {
                    System.out.println("run " + raw(environment, session, request));
                }
            }
        } catch (OrtException e) {
            System.out.println("load-refused " + oneLine(e));
        }
    }

    private static String raw(OrtEnvironment environment, OrtSession session, Map<String, Tensor> request) {
        Map<String, OnnxTensor> feed = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, Tensor> input : request.entrySet()) {
                if (session.getInputNames().contains(input.getKey())) {
                    feed.put(input.getKey(), tensor(environment, input.getValue()));
                }
            }
            try (OrtSession.Result result = session.run(feed)) {
                Map<String, String> outputs = new TreeMap<>();
                for (Map.Entry<String, OnnxValue> output : result) {
                    outputs.put(output.getKey(), digest(output.getValue()));
                }
                return "answer " + outputs;
            }
        } catch (OrtException | RuntimeException e) {
            return "refused " + oneLine(e);
        } finally {
            feed.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, Tensor tensor) throws OrtException {
        long[] shape = tensor.shape().toArray();
        if (tensor.type() == DataType.STRING) {
            return OnnxTensor.createTensor(environment, tensor.toStringArray(), shape);
        }
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(Math.max(1, tensor.sizeBytes())).order(ByteOrder.nativeOrder());
        tensor.copyTo(buffer);
        return OnnxTensor.createTensor(
                environment,
                buffer.flip(),
                shape,
                OnnxJavaType.valueOf(tensor.type().name()));
    }

    private static String digest(OnnxValue value) throws OrtException {
        if (value instanceof OnnxTensor tensor) {
            long[] shape = tensor.getInfo().getShape();
            if (tensor.getInfo().type == OnnxJavaType.STRING) {
                Object strings = tensor.getValue();
                return Arrays.toString(shape) + flat(strings).hashCode();
            }
            if (tensor.getInfo().type == OnnxJavaType.UNKNOWN) {
                return "unknown";
            }
            ByteBuffer bytes = tensor.getByteBuffer();
            return Arrays.toString(shape) + (bytes == null ? "unknown" : hash(bytes));
        }
        return value instanceof OnnxSequence ? "sequence" : "other";
    }

    private static String flat(Object strings) {
        if (strings instanceof Object[] array) {
            StringBuilder text = new StringBuilder();
            for (Object element : array) {
                text.append(flat(element));
            }
            return text.toString();
        }
        return strings + ";";
    }

    private static int hash(ByteBuffer bytes) {
        byte[] array = new byte[bytes.remaining()];
        bytes.duplicate().get(array);
        return Arrays.hashCode(array);
    }

    private void runKitchen(OperatorTrial trial) {
        OnnxOptions options = OnnxOptions.builder()
                .intraOpThreads(1)
                .api(OnnxOptions.Api.valueOf(api))
                .build();
        try (Kitchen kitchen = Kitchen.builder()
                .models(file)
                .backend(new OnnxBackend(options))
                .shutdownHook(false)
                .open()) {
            System.out.println("loaded");
            for (Map<String, Tensor> request : trial.requests()) {
                System.out.println("run " + kitchen(kitchen, request));
            }
        } catch (KitchenException e) {
            System.out.println("load-refused " + oneLine(e));
        } catch (RuntimeException e) {
            System.out.println("load-refused untyped " + oneLine(e));
        }
    }

    private static String kitchen(Kitchen kitchen, Map<String, Tensor> request) {
        try {
            Map<String, Value> inputs = new LinkedHashMap<>(request);
            Map<String, String> outputs = new TreeMap<>();
            kitchen.endpoint("trial")
                    .predict(inputs)
                    .outputs()
                    .toMap()
                    .forEach((name, value) -> outputs.put(name, digest(value)));
            return "answer " + outputs;
        } catch (InvalidRequestException e) {
            return "refused invalid " + oneLine(e);
        } catch (KitchenException e) {
            return "refused " + oneLine(e);
        } catch (RuntimeException e) {
            return "untyped " + oneLine(e);
        }
    }

    private static String digest(Value value) {
        if (value instanceof Tensor tensor) {
            String shape = Arrays.toString(tensor.shape().toArray());
            if (tensor.type() == DataType.STRING) {
                StringBuilder text = new StringBuilder();
                for (String element : tensor.toStringArray()) {
                    text.append(element).append(';');
                }
                return shape + text.toString().hashCode();
            }
            ByteBuffer bytes = ByteBuffer.allocate(tensor.sizeBytes()).order(ByteOrder.nativeOrder());
            tensor.copyTo(bytes);
            return shape + Arrays.hashCode(bytes.array());
        }
        return "sequence";
    }

    private static String oneLine(Throwable error) {
        String text = String.valueOf(error.getMessage()).replaceAll("\\s+", " ");
        return error.getClass().getSimpleName() + ": " + text.substring(0, Math.min(400, text.length()));
    }
}
