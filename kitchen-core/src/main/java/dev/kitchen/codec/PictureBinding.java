package dev.kitchen.codec;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Pictures for models that take one of them a row. */
final class PictureBinding<I> implements Features.Source<I> {

    private final Images images;
    private final String kind;
    private final BiFunction<Images, I, Tensor> encode;

    /** @param kind what the caller brings, for messages */
    PictureBinding(Images images, String kind, BiFunction<Images, I, Tensor> encode) {
        this.images = images;
        this.kind = kind;
        this.encode = encode;
    }

    @Override
    public PictureBinding<I> inDeclarationOrder() {
        return this;
    }

    @Override
    public Features.Encoder<I> bind(ModelSignature signature, Map<String, String> metadata) {
        if (signature.inputs().size() == 1
                && signature.inputs().get(0) instanceof TensorSpec spec
                && spec.shape().accepts(images.shape())) {
            return new PictureEncoder<>(spec, fitted(spec, metadata), kind, encode);
        }
        throw new ConfigurationException("pictures of shape " + images.shape()
                + " need a model with one input of that shape, this one takes " + MessageText.of(signature.inputs()));
    }

    /** In the input's type: as asked for, or else as the model's file says of its integers. */
    private Images fitted(TensorSpec spec, Map<String, String> metadata) {
        if (images.type() == spec.type()) {
            return images;
        }
        if (images.type() != DataType.FLOAT || !Quantization.isQuantized(spec.type())) {
            throw new ConfigurationException("input '" + MessageText.of(spec) + "' takes no pictures of "
                    + images.type() + ", expected FLOAT, or what bytes() and quantized() make");
        }
        Optional<Quantization> quantization = Quantization.of(metadata, spec.name());
        Quantization how = quantization.orElseThrow(
                () -> new ConfigurationException("input '" + MessageText.of(spec) + "' does not say what its integers "
                        + "stand for; use Images.bytes() for the pixels themselves, or quantized()"));
        requireRange(spec, how);
        return images.quantized(spec.type(), how);
    }

    /** Pixels from 0 to 255 for a model of -1 to 1 would all become its greatest number, and nobody would notice. */
    private void requireRange(TensorSpec spec, Quantization how) {
        double least = how.real((double) Quantization.least(spec.type()));
        double most = how.real((double) Quantization.most(spec.type()));
        double range = images.greatest() - images.smallest();
        double outside = Math.max(0, least - images.smallest()) + Math.max(0, images.greatest() - most);
        if (outside > range / 2 || range < 2 * how.scale()) {
            throw new ConfigurationException("input '" + MessageText.of(spec) + "' stands for " + (float) least + " to "
                    + (float) most + ", the pictures go from " + images.smallest() + " to " + images.greatest()
                    + "; use Images.normalized() as the model was trained, or bytes()");
        }
    }
}
