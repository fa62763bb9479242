package dev.kitchen.onnx;

import dev.kitchen.spi.Backend;

/** The contract, kept through ONNX Runtime's Java API, which is the only one on older JDKs. */
class OfficialRuntimeBackendTest extends OnnxBackendTest {

    @Override
    protected Backend backend() {
        return new OnnxBackend(OnnxOptions.builder().api(OnnxOptions.Api.JAVA).build());
    }
}
