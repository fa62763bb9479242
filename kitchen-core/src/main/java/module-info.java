/** Kitchen's core: models, predictions and their lifecycle. */
@SuppressWarnings("requires-automatic") // the name of its file is all the name HdrHistogram has
module dev.kitchen {
    requires static java.desktop;
    requires static jdk.jfr;
    requires io.github.resilience4j.circuitbreaker;
    requires static org.jspecify;
    requires HdrHistogram;
    requires com.dynatrace.hash4j;
    requires com.github.benmanes.caffeine;
    requires org.slf4j;
    requires tools.jackson.core;

    uses dev.kitchen.spi.Backend;

    exports dev.kitchen;
    exports dev.kitchen.cache;
    exports dev.kitchen.batch;
    exports dev.kitchen.codec;
    exports dev.kitchen.error;
    exports dev.kitchen.guard;
    exports dev.kitchen.observe;
    exports dev.kitchen.predict;
    exports dev.kitchen.registry;
    exports dev.kitchen.spi;
    exports dev.kitchen.tensor;
    exports dev.kitchen.json to
            dev.kitchen.testkit;
    exports dev.kitchen.runtime to
            dev.kitchen.testkit;
}
