package dev.kitchen.onnx.run;

import dev.kitchen.onnx.operator.OperatorChecks;
import dev.kitchen.onnx.scan.OnnxFile;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import java.util.List;

/** All checks of one model's inputs, in the order in which they are asked. */
public final class RunChecks implements RunCheck {

    private final RunCheck[] checks;
    private final boolean readsValues;

    private RunChecks(List<RunCheck> checks) {
        this.checks = checks.toArray(RunCheck[]::new);
        this.readsValues = checks.stream().anyMatch(RunCheck::readsValues);
    }

    /** The checks that a loaded model needs. */
    public static RunCheck of(OnnxFile file, ModelSignature signature, SessionSettings options) {
        OperatorChecks operators = OperatorChecks.of(file.graph(), options.maxOutputElements());
        return of(List.of(
                operators.isEmpty() ? NONE : new OperatorCheck(operators),
                RankCheck.of(signature),
                ElementLimits.of(options)));
    }

    /** One check that asks all of these. */
    static RunCheck of(List<RunCheck> checks) {
        List<RunCheck> needed =
                checks.stream().filter(check -> !check.equals(RunCheck.NONE)).toList();
        return switch (needed.size()) {
            case 0 -> RunCheck.NONE;
            case 1 -> needed.get(0);
            default -> new RunChecks(needed);
        };
    }

    @Override
    public void check(NamedValues inputs) {
        for (RunCheck check : checks) {
            check.check(inputs);
        }
    }

    @Override
    public boolean readsValues() {
        return readsValues;
    }
}
