package dev.kitchen.codec;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Pictures as the one input of a model, a row each. */
final class PictureEncoder<I> implements Features.Encoder<I> {

    private final TensorSpec spec;
    private final Images images;
    private final String kind;
    private final BiFunction<Images, I, Tensor> encode;

    PictureEncoder(TensorSpec spec, Images images, String kind, BiFunction<Images, I, Tensor> encode) {
        this.spec = spec;
        this.images = images;
        this.kind = kind;
        this.encode = encode;
    }

    @Override
    public NamedValues encode(I item) {
        return NamedValues.of(spec.name(), tensor(item));
    }

    @Override
    public NamedValues encodeAll(List<I> items) {
        List<Tensor> rows = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            try {
                rows.add(tensor(items.get(i)));
            } catch (InvalidRequestException e) {
                throw new InvalidRequestException("item " + i + ": " + e.getMessage(), e);
            }
        }
        return NamedValues.of(spec.name(), Tensor.joinRows(rows));
    }

    private Tensor tensor(I item) {
        if (item == null) {
            throw new InvalidRequestException("picture is null, expected " + kind);
        }
        return encode.apply(images, item);
    }

    @Override
    public boolean takesManyRows() {
        return spec.shape().rank() > 0 && spec.shape().dimension(0) == Shape.DYNAMIC;
    }

    @Override
    public List<String> describe() {
        return List.of(kind + ", " + images + " -> " + MessageText.of(spec));
    }
}
