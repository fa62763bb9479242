package dev.kitchen.spi;

/**
 * What a cache holds and has done since it was made.
 *
 * @param hits how many asked and were answered
 * @param misses how many asked for nothing
 * @param evictions how many answers left because room was short or their time over
 * @param entries how many answers are there, about
 * @param bytes how much memory they take, about, with their keys and what keeps them
 * @param errors how often what is behind the cache failed it
 */
public record CacheStatistics(long hits, long misses, long evictions, long entries, long bytes, long errors) {}
