package dev.kitchen.onnx;

import dev.kitchen.BoundCall;
import dev.kitchen.Endpoint;
import dev.kitchen.EndpointOptions;
import dev.kitchen.Kitchen;
import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.codec.Features;
import dev.kitchen.codec.Labels;
import dev.kitchen.onnx.OnnxOptions.Api;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.tensor.Tensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An application that uses what most do: every kind of call, and the stages. Arguments: the model, the API. */
final class RedeployedApplication {

    private RedeployedApplication() {}

    public static void main(String[] arguments) {
        OnnxBackend backend = new OnnxBackend(
                OnnxOptions.builder().api(Api.valueOf(arguments[1])).build());
        EndpointOptions options = EndpointOptions.builder()
                .batching(BatchingConfig.defaults())
                .cache(CacheConfig.in(InMemoryCache.ofMaxBytes(1 << 20)))
                .build();
        try (Kitchen kitchen = Kitchen.builder()
                .models(Path.of(arguments[0]))
                .backend(backend)
                .endpoint("classifier", options)
                .open()) {
            Endpoint endpoint = kitchen.endpoint("classifier");
            Tensor x = Tensor.of(new float[4], 1, 4);
            endpoint.predict("x", x);
            endpoint.predict("x", x, CallOptions.timeLimit(Duration.ofMinutes(1)));
            endpoint.predictAsync(Map.of("x", x)).join();
            endpoint.typed(Features.ofRow().inDeclarationOrder(), Labels.of("a", "b", "c"))
                    .predictAll(List.of(new float[4], new float[4]));
            try (BoundCall call = endpoint.bind()) {
                call.run();
            }
        }
    }
}
