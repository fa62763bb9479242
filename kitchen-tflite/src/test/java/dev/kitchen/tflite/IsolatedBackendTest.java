package dev.kitchen.tflite;

import dev.kitchen.spi.Backend;

/** The same promises, kept by processes. */
class IsolatedBackendTest extends TfliteBackendTest {

    @Override
    protected Backend backend() {
        return IsolationTest.isolated();
    }
}
