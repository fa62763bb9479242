package dev.kitchen.session;

import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.ValueSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether values that come from outside the model can be an answer of it. */
public final class AnswerCheck {

    private final Map<String, ValueSpec> specs = new HashMap<>();
    private final List<String> all;

    public AnswerCheck(ModelSignature signature) {
        signature.outputs().forEach(it -> specs.put(it.name(), it));
        this.all = signature.outputs().stream().map(ValueSpec::name).toList();
    }

    /**
     * Whether these are the outputs asked for, in their order, of the types and shapes of the signature.
     *
     * @param requested empty for all outputs
     */
    public boolean fits(List<String> requested, NamedValues values) {
        if (!values.names().equals(requested.isEmpty() ? all : requested)) {
            return false;
        }
        for (int i = 0; i < values.size(); i++) {
            ValueSpec spec = specs.get(values.name(i));
            if (spec == null || !ValueCheck.fits(spec, values.value(i))) {
                return false;
            }
        }
        return true;
    }
}
