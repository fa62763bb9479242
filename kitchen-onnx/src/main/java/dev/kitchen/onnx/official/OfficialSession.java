package dev.kitchen.onnx.official;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import ai.onnxruntime.OrtSession;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.onnx.rows.ModelRows;
import dev.kitchen.onnx.run.CheckedBoundRun;
import dev.kitchen.onnx.run.CopiedBoundRun;
import dev.kitchen.onnx.run.ElementLimits;
import dev.kitchen.onnx.run.IdlePool;
import dev.kitchen.onnx.run.OutputPlan;
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
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model loaded through the official API. No two runs share run options at a time: a stop flag hits its own run. */
final class OfficialSession implements InferenceSession {

    private static final Logger LOGGER = LoggerFactory.getLogger(OfficialSession.class);

    private static final Set<DataType> NOT_CREATED = Set.of(DataType.UINT16, DataType.UINT32, DataType.UINT64);

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final OrtSession.SessionOptions options;
    private final ModelSignature signature;
    private final ModelMetadata metadata;
    private final OverriddenSessions overridden;
    private final boolean wideCharacters;
    private final RunCheck checks;
    private final ElementLimits limits;
    private final Set<String> notComputedOutputs;
    private final ModelRows rows;
    private final OutputPlan plan;
    private final IdlePool<OfficialFrame> frames = new IdlePool<>(OfficialFrame::free);

    OfficialSession(
            OrtEnvironment environment,
            OrtSession session,
            OrtSession.SessionOptions options,
            ModelSignature signature,
            ModelMetadata metadata,
            OverriddenSessions overridden,
            OnnxFile file,
            SessionSettings settings) {
        this.environment = environment;
        this.session = session;
        this.options = options;
        this.signature = signature;
        this.metadata = metadata;
        this.overridden = overridden;
        this.wideCharacters = file.hasWideCharacters();
        this.checks = RunChecks.of(file, signature, settings);
        this.limits = ElementLimits.of(settings);
        this.notComputedOutputs = file.notComputedOutputs();
        this.plan = new OutputPlan(signature, notComputedOutputs);
        this.rows = new ModelRows(file.graph());
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
    public NamedValues run(NamedValues inputs, List<String> outputs, CallContext context) {
        checks.check(inputs);
        OrtSession target = sessionFor(inputs);
        return target.equals(session) && !outputs.isEmpty() && OfficialFrame.canTake(inputs)
                ? runKept(inputs, outputs, context)
                : runOnce(target, inputs, outputs, context);
    }

    /** With tensors that are there already; a frame that a run failed on is not used again. */
    private NamedValues runKept(NamedValues inputs, List<String> outputs, CallContext context) {
        OfficialFrame frame = null;
        boolean clean = false;
        try {
            OfficialFrame idle = frames.take();
            frame = idle == null ? new OfficialFrame(environment, plan, limits, wideCharacters) : idle;
            NamedValues answer = frame.run(session, inputs, outputs, context);
            clean = !frame.hasFailed();
            return answer;
        } catch (OrtException e) {
            throw failure(e);
        } finally {
            if (frame != null && clean) {
                frames.give(frame);
            } else if (frame != null) {
                frame.free();
            }
        }
    }

    /** With tensors for this run alone. */
    private NamedValues runOnce(OrtSession target, NamedValues inputs, List<String> outputs, CallContext context) {
        try (OfficialInputs feed = OfficialInputs.of(environment, inputs);
                OrtSession.RunOptions runOptions = new OrtSession.RunOptions()) {
            context.onStop(() -> terminate(runOptions));
            try (OfficialOutputs result = new OfficialOutputs(
                    target.run(feed.tensors(), new LinkedHashSet<>(outputs), runOptions), limits, wideCharacters)) {
                return result.read(outputs);
            } finally {
                context.clearOnStop();
            }
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    /** Inputs beyond the required ones override defaults, which the session for plain calls has built in. */
    private OrtSession sessionFor(NamedValues inputs) {
        int required = signature.inputs().size();
        return inputs.size() == required
                ? session
                : overridden.session(inputs.names().subList(required, inputs.size()));
    }

    private static void terminate(OrtSession.RunOptions runOptions) {
        try {
            runOptions.setTerminate(true);
        } catch (OrtException e) {
            LOGGER.error("a run cannot be stopped", e);
        }
    }

    /**
     * Left to plain runs: overridden defaults, types that the official API cannot create, and outputs that are themselves
     * inputs or initializers, which ONNX Runtime does not write into bound memory.
     */
    @Override
    public Optional<BoundRun> bind(List<BoundTensor> inputs, List<BoundTensor> outputs) {
        boolean possible = inputs.size() == signature.inputs().size()
                && Stream.concat(inputs.stream(), outputs.stream()).noneMatch(it -> NOT_CREATED.contains(it.type()))
                && outputs.stream().noneMatch(it -> notComputedOutputs.contains(it.name()));
        if (!possible) {
            return Optional.empty();
        }
        outputs.forEach(output -> limits.checkOutput(output.name(), output.shape()));
        CopiedBoundRun copied = new CopiedBoundRun(this, inputs, outputs);
        checks.check(copied.inputs());
        try {
            BoundRun bound = OfficialBoundRun.of(environment, session, inputs, outputs);
            return Optional.of(new CheckedBoundRun(bound, checks, copied));
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    /** What the inputs' values make a node refuse is the caller's to change, all else is not. */
    static KitchenException failure(OrtException e) {
        return e.getCode() == OrtErrorCode.ORT_INVALID_ARGUMENT
                ? new InvalidRequestException("refused by ONNX Runtime: " + e.getMessage(), e)
                : new InferenceException("ONNX Runtime failed: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        frames.free();
        try {
            overridden.close();
        } finally {
            OfficialRuntime.release(session, options);
        }
    }
}
