package dev.kitchen.benchmarks;

import dev.kitchen.BoundCall;
import dev.kitchen.BoundCalls;
import dev.kitchen.Endpoint;
import dev.kitchen.EndpointOptions;
import dev.kitchen.Kitchen;
import dev.kitchen.TypedEndpoint;
import dev.kitchen.codec.Features;
import dev.kitchen.codec.Scores;
import dev.kitchen.onnx.OnnxBackend;
import dev.kitchen.onnx.OnnxOptions;
import dev.kitchen.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.file.Path;

/** Kitchen with its default settings, but for one intra-op thread as everybody has. */
final class KitchenPeer implements Peer {

    private final Model model;
    private final long[] shape;
    private final Kitchen kitchen;
    private final Endpoint endpoint;

    KitchenPeer(Model model) {
        this(model, model.file(), OnnxOptions.Api.AUTO);
    }

    /**
     * With another way into ONNX Runtime.
     *
     * @param models the model's file or a directory with copies of it
     */
    KitchenPeer(Model model, Path models, OnnxOptions.Api api) {
        this(model, models, api, EndpointOptions.defaults());
    }

    /** With stages in front of the model. */
    KitchenPeer(Model model, EndpointOptions options) {
        this(model, model.file(), OnnxOptions.Api.AUTO, options);
    }

    private KitchenPeer(Model model, Path models, OnnxOptions.Api api, EndpointOptions options) {
        this.model = model;
        this.shape = model.dimensions();
        this.kitchen = Kitchen.builder()
                .models(models)
                .backend(new OnnxBackend(
                        OnnxOptions.builder().intraOpThreads(1).api(api).build()))
                .endpoint(EndpointOptions.ALL, options)
                .open();
        this.endpoint = kitchen.endpoint(kitchen.endpointNames().iterator().next());
    }

    @Override
    public float[] predict(float[] item) {
        return predict(endpoint, item);
    }

    private float[] predict(Endpoint asked, float[] item) {
        Tensor input = Tensor.of(item, shape);
        return asked.predict(model.input(), input).tensor(model.output()).toFloatArray();
    }

    /** Asks every copy of the model. */
    void predictEverywhere(float[] item) {
        kitchen.endpointNames().forEach(name -> predict(kitchen.endpoint(name), item));
    }

    /** For models that take rows. */
    TypedEndpoint<float[], float[]> typed() {
        return endpoint.typed(Features.ofRow().inDeclarationOrder(), Scores.of(model.output()));
    }

    Bound bound() {
        return new Bound(endpoint.bind());
    }

    /** Bound calls that threads share. */
    BoundCalls bindings(int count) {
        return endpoint.bindings(count);
    }

    /** As {@link Bound#predict}, with a call that is not known beforehand. */
    float[] predict(BoundCall call, float[] item, float[] answer) {
        call.input(model.input()).asFloatBuffer().put(0, item);
        call.run();
        call.output(model.output()).asFloatBuffer().get(0, answer);
        return answer;
    }

    @Override
    public void close() {
        kitchen.close();
    }

    /** A bound call with its buffers; closed with the kitchen. */
    final class Bound {

        private final BoundCall call;
        private final FloatBuffer input;
        private final FloatBuffer output;
        private final float[] answer = new float[model.answers()];

        private Bound(BoundCall call) {
            this.call = call;
            this.input = call.input(model.input()).asFloatBuffer();
            this.output = call.output(model.output()).asFloatBuffer();
        }

        /** The array returned is the same each time. */
        float[] predict(float[] item) {
            input.put(0, item);
            call.run();
            output.get(0, answer);
            return answer;
        }
    }
}
