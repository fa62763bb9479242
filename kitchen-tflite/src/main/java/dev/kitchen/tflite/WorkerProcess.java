package dev.kitchen.tflite;

import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.spi.RunContext;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A process that runs a model, asked by one thread at a time. Whoever may not wait any longer ends it. */
final class WorkerProcess {

    private static final long EXIT_MILLIS = 2_000;

    private final Process process;
    private final ModelPlan plan;
    private final Duration limit;
    private final DataOutputStream out;
    private final DataInputStream in;
    private boolean usable;

    private WorkerProcess(Process process, ModelPlan plan, Duration limit) {
        this.process = process;
        this.plan = plan;
        this.limit = limit;
        this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
        this.in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
    }

    /**
     * Starts a process and waits until it has loaded the model.
     *
     * @throws InferenceException if it cannot, dies, or takes longer than the limit or the call
     */
    static WorkerProcess start(WorkerSetup setup, ModelPlan plan, RunContext context) {
        try {
            Process process = WorkerCommand.builder().start();
            WorkerProcess worker =
                    new WorkerProcess(process, plan, setup.options().isolationLimit());
            boolean loaded = false;
            try {
                worker.ask(context, () -> {
                    setup.write(worker.out);
                    worker.requireOk();
                    return NamedValues.of(List.of(), new Value[0]);
                });
                loaded = true;
                return worker;
            } finally {
                if (!loaded) {
                    worker.close();
                }
            }
        } catch (IOException e) {
            throw new InferenceException("no process can be started for the model: " + e.getMessage(), e);
        }
    }

    /** What goes over the pipe and back. */
    private interface Exchange {
        NamedValues run() throws IOException;
    }

    NamedValues run(NamedValues inputs, List<String> outputs, RunContext context) {
        return ask(context, () -> {
            out.writeInt(outputs.size());
            for (String name : outputs) {
                out.writeInt(outputIndex(name));
            }
            for (int i = 0; i < inputs.size(); i++) {
                Wire.writeTensor(out, (Tensor) inputs.value(i));
            }
            out.flush();
            requireOk();
            Value[] values = new Value[outputs.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = Wire.readTensor(in, plan.outputs().get(outputIndex(outputs.get(i))));
            }
            return NamedValues.of(outputs, values);
        });
    }

    private NamedValues ask(RunContext context, Exchange exchange) {
        CompletableFuture<Void> answered = new CompletableFuture<>();
        usable = false;
        if (!context.hasDeadline()) {
            answered.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).exceptionally(it -> {
                process.destroyForcibly();
                return null;
            });
        }
        context.onStop(process::destroyForcibly);
        try {
            NamedValues values = exchange.run();
            usable = true;
            return values;
        } catch (IOException e) {
            throw new InferenceException("the process that runs the model " + ending(answered), e);
        } finally {
            context.clearOnStop();
            answered.complete(null);
        }
    }

    private String ending(CompletableFuture<Void> answered) {
        if (answered.isCompletedExceptionally()) {
            return "was ended, as it did not answer within " + limit.toMillis() + " ms";
        }
        try {
            if (process.waitFor(EXIT_MILLIS, TimeUnit.MILLISECONDS)) {
                int code = process.exitValue();
                return "ended with exit code " + code + (code > 128 ? " (signal " + (code - 128) + ")" : "");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "does not answer any longer";
    }

    private void requireOk() throws IOException {
        int status = in.readByte();
        String text = in.readUTF();
        usable = status == Wire.REFUSED || status == Wire.FAILED;
        if (status == Wire.REFUSED) {
            throw new InvalidRequestException(text);
        }
        if (status != Wire.OK) {
            throw new InferenceException(text);
        }
    }

    private int outputIndex(String name) {
        for (int i = 0; i < plan.outputs().size(); i++) {
            if (plan.outputs().get(i).name().equals(name)) {
                return i;
            }
        }
        throw new InvalidRequestException("there is no output '" + name + "'");
    }

    /** Whether it takes the next question: it has answered the last one, be that with an error. */
    boolean isUsable() {
        return usable && process.isAlive();
    }

    void close() {
        process.destroyForcibly();
    }
}
