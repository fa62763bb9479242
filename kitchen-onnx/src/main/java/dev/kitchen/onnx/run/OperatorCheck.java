package dev.kitchen.onnx.run;

import dev.kitchen.onnx.operator.OperatorChecks;
import dev.kitchen.tensor.NamedValues;

/** Refuses requests with which an operator of the model would end the process. */
record OperatorCheck(OperatorChecks operators) implements RunCheck {

    @Override
    public void check(NamedValues inputs) {
        operators.check(inputs);
    }

    @Override
    public boolean readsValues() {
        return operators.readsValues();
    }
}
