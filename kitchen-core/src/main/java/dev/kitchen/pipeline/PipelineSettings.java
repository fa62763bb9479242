package dev.kitchen.pipeline;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.guard.AdmissionConfig;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.guard.RetryPolicy;
import java.util.Optional;

/** The configured stages of one endpoint. */
public record PipelineSettings(
        Optional<CacheConfig> cache,
        CircuitBreakerConfig circuitBreaker,
        RetryPolicy retry,
        Optional<BatchingConfig> batching,
        AdmissionConfig admission) {}
