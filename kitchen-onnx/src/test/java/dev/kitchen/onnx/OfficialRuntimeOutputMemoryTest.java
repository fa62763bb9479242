package dev.kitchen.onnx;

import dev.kitchen.onnx.OnnxOptions.Api;

/** The same through ONNX Runtime's Java API, which is the only one on older JDKs. */
class OfficialRuntimeOutputMemoryTest extends OutputMemoryTest {

    @Override
    Api api() {
        return Api.JAVA;
    }
}
