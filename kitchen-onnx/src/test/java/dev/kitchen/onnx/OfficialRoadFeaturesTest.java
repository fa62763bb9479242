package dev.kitchen.onnx;

import dev.kitchen.onnx.OnnxOptions.Api;

/** The same through ONNX Runtime's Java API, which is the only road on older JDKs. */
class OfficialRoadFeaturesTest extends OnnxFeaturesTest {

    @Override
    Api api() {
        return Api.JAVA;
    }
}
