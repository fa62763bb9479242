package dev.kitchen.cli;

/**
 * How long calls took, in buckets that are 1/64 of their value wide. Takes the same memory for any number of calls; used
 * by one thread.
 */
final class Latencies {

    private static final int SUB_BITS = 6;
    private static final int SUB_BUCKETS = 1 << SUB_BITS;

    private final long[] counts = new long[(64 - SUB_BITS + 1) * SUB_BUCKETS];
    private long count;
    private long most;

    void record(long nanos) {
        counts[bucket(Math.max(0, nanos))]++;
        count++;
        most = Math.max(most, nanos);
    }

    private static int bucket(long nanos) {
        if (nanos < SUB_BUCKETS) {
            return (int) nanos;
        }
        int shift = 63 - Long.numberOfLeadingZeros(nanos) - SUB_BITS;
        return (shift + 1) * SUB_BUCKETS + (int) (nanos >>> shift) - SUB_BUCKETS;
    }

    /** The greatest value of a bucket. */
    private static long upperEnd(int bucket) {
        if (bucket < SUB_BUCKETS) {
            return bucket;
        }
        int shift = bucket / SUB_BUCKETS - 1;
        return ((long) (bucket % SUB_BUCKETS + SUB_BUCKETS + 1) << shift) - 1;
    }

    void add(Latencies other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
        most = Math.max(most, other.most);
    }

    long count() {
        return count;
    }

    long most() {
        return most;
    }

    /**
     * The time within which that part of the calls was done; 0 where there were none.
     *
     * @param part 0 to 1
     */
    long percentile(double part) {
        long rank = Math.max(1, (long) Math.ceil(part * count));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return Math.min(most, upperEnd(i));
            }
        }
        return most;
    }
}
