package dev.kitchen.onnx.foreign;

import static dev.kitchen.onnx.foreign.OrtFunction.RELEASE_SESSION;

import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.onnx.rows.ModelRows;
import dev.kitchen.onnx.run.CheckedBoundRun;
import dev.kitchen.onnx.run.CopiedBoundRun;
import dev.kitchen.onnx.run.ElementLimits;
import dev.kitchen.onnx.run.IdlePool;
import dev.kitchen.onnx.run.OutputPlan;
import dev.kitchen.onnx.run.OutputTooLargeException;
import dev.kitchen.onnx.run.RunCheck;
import dev.kitchen.onnx.run.RunChecks;
import dev.kitchen.onnx.run.SessionSettings;
import dev.kitchen.onnx.scan.OnnxFile;
import dev.kitchen.predict.CallContext;
import dev.kitchen.spi.BoundRun;
import dev.kitchen.spi.BoundTensor;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.spi.RowDependence;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.EmptyOptional;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import dev.kitchen.tensor.ValueSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A model loaded through the C API. */
final class ForeignSession implements InferenceSession {

    private final CEnvironment runtime;
    private final CApi api;
    private final long session;
    private final ForeignOptions options;
    private final ModelSignature signature;
    private final ModelMetadata metadata;
    private final ModelRows rows;
    private final ForeignOutputs reader;
    private final RunCheck checks;
    private final ElementLimits limits;
    private final OutputPlan plan;
    private final Set<String> notComputedOutputs;
    private final ForeignNames names;
    private final Set<String> numberOutputs;
    private final IdlePool<CallFrame> frames = new IdlePool<>(CallFrame::free);
    private final int maxInputs;
    private volatile boolean closed;

    /** Takes over the session and the options, unless this throws. */
    ForeignSession(
            CEnvironment runtime,
            long session,
            ForeignOptions options,
            ModelSignature signature,
            ModelMetadata metadata,
            OnnxFile file,
            SessionSettings settings) {
        this.runtime = runtime;
        this.api = runtime.api();
        this.session = session;
        this.options = options;
        this.signature = signature;
        this.metadata = metadata;
        this.limits = ElementLimits.of(settings);
        this.reader = new ForeignOutputs(runtime, limits);
        this.checks = RunChecks.of(file, signature, settings);
        this.notComputedOutputs = file.notComputedOutputs();
        this.plan = new OutputPlan(signature, notComputedOutputs);
        this.rows = new ModelRows(file.graph());
        this.numberOutputs = signature.outputs().stream()
                .filter(it -> it instanceof TensorSpec tensor && tensor.type() != DataType.STRING)
                .map(ValueSpec::name)
                .collect(Collectors.toUnmodifiableSet());
        this.maxInputs = signature.inputs().size() + signature.defaultedInputs().size();
        this.names = new ForeignNames(signature);
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public ModelMetadata metadata() {
        return metadata;
    }

    @Override
    public RowDependence rowDependence() {
        return rows.dependence();
    }

    @Override
    public NamedValues run(NamedValues given, List<String> outputs, CallContext context) {
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
        checks.check(given);
        NamedValues inputs = present(given);
        try (CallArena callArena = new CallArena()) {
            CallFrame frame = frame();
            boolean clean = false;
            try {
                NamedValues answer = run(callArena, frame, inputs, outputs, context);
                clean = true;
                return answer;
            } finally {
                giveBack(frame, clean, inputs.size(), outputs.size());
            }
        } catch (CallFailedException e) {
            throw failure(e);
        }
    }

    private NamedValues run(
            CallArena callArena, CallFrame frame, NamedValues inputs, List<String> outputs, CallContext context)
            throws CallFailedException {
        frame.setInputs(callArena, inputs);
        if (!frame.hasOutputs(outputs)) {
            frame.setOutputs(outputs, names.addresses(outputs));
        }
        long inputNames = names.array(callArena, inputs.names());
        boolean planned = frame.planOutputs(callArena, plan, limits, inputs);
        try {
            run(frame, inputNames, inputs.size(), outputs.size(), context);
        } catch (CallFailedException e) {
            if (!planned || context.isStopped()) {
                throw e;
            }
            return runUnplanned(callArena, frame, inputs, inputNames, outputs, context);
        }
        return read(callArena, frame, inputs, outputs);
    }

    /**
     * Runs once more and lets ONNX Runtime make all outputs: the memory that was there may have had the wrong shape. Where
     * the request is at fault, this fails again, and that failure is reported.
     */
    private NamedValues runUnplanned(
            CallArena callArena,
            CallFrame frame,
            NamedValues inputs,
            long inputNames,
            List<String> outputs,
            CallContext context)
            throws CallFailedException {
        frame.unplanOutputs();
        run(frame, inputNames, inputs.size(), outputs.size(), context);
        NamedValues answer = read(callArena, frame, inputs, outputs);
        plan.learn(inputs, answer);
        return answer;
    }

    /** Keeps the frame for the next run. One whose run threw anything is freed: what it holds may be half made. */
    private void giveBack(CallFrame frame, boolean clean, int inputs, int outputs) {
        boolean reusable = false;
        try {
            frame.clear(inputs, outputs);
            reusable = clean && !frame.hasFailed();
        } finally {
            if (reusable) {
                frames.give(frame);
            } else {
                frame.free();
            }
        }
    }

    /** An empty optional is an input that is not fed. */
    private static NamedValues present(NamedValues given) {
        if (given.size() == 0 || noneIsEmpty(given)) {
            return given;
        }
        List<String> names = new ArrayList<>(given.size());
        List<Value> values = new ArrayList<>(given.size());
        for (int i = 0; i < given.size(); i++) {
            if (!(given.value(i) instanceof EmptyOptional)) {
                names.add(given.name(i));
                values.add(given.value(i));
            }
        }
        return NamedValues.of(names, values.toArray(Value[]::new));
    }

    private static boolean noneIsEmpty(NamedValues given) {
        for (int i = 0; i < given.size(); i++) {
            if (given.value(i) instanceof EmptyOptional) {
                return false;
            }
        }
        return true;
    }

    private CallFrame frame() throws CallFailedException {
        CallFrame idle = frames.take();
        return idle == null
                ? new CallFrame(runtime, maxInputs, signature.outputs().size())
                : idle;
    }

    private void run(CallFrame frame, long inputNames, int inputs, int outputs, CallContext context)
            throws CallFailedException {
        context.onStop(frame::terminate);
        try {
            api.run(
                    session,
                    frame.runOptions(),
                    inputNames,
                    frame.inputHandles(),
                    inputs,
                    frame.outputNames(),
                    outputs,
                    frame.outputHandles());
        } finally {
            context.clearOnStop();
        }
    }

    private NamedValues read(CallArena callArena, CallFrame frame, NamedValues inputs, List<String> outputs) {
        Value[] values = new Value[outputs.size()];
        for (int i = 0; i < values.length; i++) {
            try {
                Optional<Value> given = given(outputs.get(i), inputs);
                if (given.isPresent()) {
                    values[i] = given.get();
                    continue;
                }
                values[i] = frame.isPlanned(i)
                        ? frame.plannedOutput(i)
                        : read(callArena, frame, outputs.get(i), frame.outputHandle(i));
            } catch (OutputTooLargeException e) {
                throw limits.tooLarge(outputs.get(i), e);
            } catch (CallFailedException | RuntimeException e) {
                throw new InferenceException("output '" + outputs.get(i) + "' cannot be read: " + e.getMessage(), e);
            }
        }
        return NamedValues.of(outputs, values);
    }

    /**
     * The value of an output that is an input of this run. ONNX Runtime 1.28 answers the default of an input that has one,
     * even where it is overridden.
     */
    private Optional<Value> given(String output, NamedValues inputs) {
        return notComputedOutputs.isEmpty() || !notComputedOutputs.contains(output)
                ? Optional.empty()
                : inputs.find(output).map(Value::owned);
    }

    private Value read(CallArena callArena, CallFrame frame, String name, long handle) throws CallFailedException {
        return handle != 0 && numberOutputs.contains(name)
                ? reader.readNumbers(handle, frame.scratch())
                : reader.read(callArena.get(), handle);
    }

    @Override
    public Optional<BoundRun> bind(List<BoundTensor> inputs, List<BoundTensor> outputs) {
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
        if (outputs.stream().anyMatch(output -> notComputedOutputs.contains(output.name()))) {
            return Optional.empty();
        }
        outputs.forEach(output -> limits.checkOutput(output.name(), output.shape()));
        CopiedBoundRun copied = new CopiedBoundRun(this, inputs, outputs);
        checks.check(copied.inputs());
        try {
            BoundRun bound = ForeignBoundRun.of(runtime, session, names, inputs, outputs);
            return Optional.of(new CheckedBoundRun(bound, checks, copied));
        } catch (CallFailedException e) {
            throw failure(e);
        }
    }

    /** What the inputs' values make a node refuse is the caller's to change, all else is not. */
    static KitchenException failure(CallFailedException e) {
        return e.code() == CallFailedException.INVALID_ARGUMENT
                ? new InvalidRequestException("refused by ONNX Runtime: " + e.getMessage(), e)
                : new InferenceException("ONNX Runtime failed: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            frames.free();
        } finally {
            api.release(RELEASE_SESSION, session);
            options.release();
            names.close();
        }
    }
}
