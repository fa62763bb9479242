/** Kitchen's core: models, predictions and their lifecycle. */
module dev.kitchen {
    requires static org.jspecify;
    requires org.slf4j;
    requires tools.jackson.core;

    exports dev.kitchen.error;
    exports dev.kitchen.spi;
}
