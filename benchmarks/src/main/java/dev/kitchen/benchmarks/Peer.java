package dev.kitchen.benchmarks;

/** Somebody who answers items with probabilities. Closing frees the model. */
interface Peer extends AutoCloseable {

    float[] predict(float[] item);

    @Override
    void close();
}
