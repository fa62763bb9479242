package dev.kitchen.codec;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import java.util.Map;

/** Rows of floats for models that take one FLOAT matrix. */
final class RowBinding implements Features.Source<float[]> {

    @Override
    public RowBinding inDeclarationOrder() {
        return this;
    }

    @Override
    public Features.Encoder<float[]> bind(ModelSignature signature, Map<String, String> metadata) {
        if (signature.inputs().size() == 1
                && signature.inputs().get(0) instanceof TensorSpec spec
                && spec.type() == DataType.FLOAT
                && spec.shape().rank() == 2
                && (spec.shape().dimension(0) == 1 || spec.shape().dimension(0) == Shape.DYNAMIC)) {
            return new RowEncoder(spec);
        }
        throw new ConfigurationException("rows of floats need a model with one input, FLOAT of shape [-1, columns], "
                + "this one takes " + MessageText.of(signature.inputs()));
    }
}
