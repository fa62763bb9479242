package dev.kitchen.spi;

import java.util.Map;

/**
 * What a model file says about itself; empty texts where it says nothing.
 *
 * @param backend the {@linkplain Backend#name() name} of the backend that loaded it
 * @param producer the tool that wrote it
 * @param graph the name of its graph
 * @param domain a reverse-DNS name of its owner
 * @param description for people
 * @param version the number the producer gave it; 0 where it gave none
 * @param custom whatever else the producer wrote
 */
public record ModelMetadata(
        String backend,
        String producer,
        String graph,
        String domain,
        String description,
        long version,
        Map<String, String> custom) {

    public ModelMetadata {
        custom = Map.copyOf(custom);
    }
}
