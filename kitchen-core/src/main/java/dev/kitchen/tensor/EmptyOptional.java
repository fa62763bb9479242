package dev.kitchen.tensor;

/** An optional input or output without a value. */
public record EmptyOptional() implements Value {}
