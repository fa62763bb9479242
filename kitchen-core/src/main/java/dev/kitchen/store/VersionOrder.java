package dev.kitchen.store;

import dev.kitchen.registry.VersionInfo;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The age of versions: by number where all are numbers, otherwise as semantic versions where all are, otherwise by when
 * they were registered; of those registered at the same moment, or nobody knows when, numbers are newer than words.
 */
public final class VersionOrder {

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern SEMANTIC = Pattern.compile("v?([0-9]+(?:\\.[0-9]+)*)(?:-([^+]*))?(?:\\+.*)?");

    private VersionOrder() {}

    /** The versions in that order. */
    public static List<VersionInfo> oldestFirst(List<VersionInfo> versions) {
        if (allMatch(versions, NUMBER)) {
            return versions.stream()
                    .map(it -> new Numbered(new BigInteger(it.version()), it))
                    .sorted(Comparator.comparing(Numbered::number))
                    .map(Numbered::version)
                    .toList();
        }
        List<VersionInfo> sorted = new ArrayList<>(versions);
        sorted.sort(order(versions));
        return sorted;
    }

    private static Comparator<VersionInfo> order(List<VersionInfo> versions) {
        if (allMatch(versions, SEMANTIC)) {
            return (one, other) -> compareSemantic(one.version(), other.version());
        }
        return Comparator.<VersionInfo, Instant>comparing(it -> it.createdAt().orElse(Instant.MIN))
                .thenComparing((one, other) -> compareMixed(one.version(), other.version()));
    }

    private record Numbered(BigInteger number, VersionInfo version) {}

    private static boolean allMatch(List<VersionInfo> versions, Pattern pattern) {
        return versions.stream().allMatch(it -> pattern.matcher(it.version()).matches());
    }

    /** Numbers are newer than words, and words are in alphabetical order. */
    private static int compareMixed(String one, String other) {
        boolean oneCounts = SEMANTIC.matcher(one).matches();
        boolean otherCounts = SEMANTIC.matcher(other).matches();
        return oneCounts && otherCounts
                ? compareSemantic(one, other)
                : oneCounts == otherCounts ? one.compareTo(other) : oneCounts ? 1 : -1;
    }

    private static int compareSemantic(String one, String other) {
        Matcher left = matched(one);
        Matcher right = matched(other);
        int byNumbers =
                compareNumbers(left.group(1).split("\\."), right.group(1).split("\\."));
        if (byNumbers != 0 || (left.group(2) == null && right.group(2) == null)) {
            return byNumbers;
        } else if (left.group(2) == null || right.group(2) == null) {
            return left.group(2) == null ? 1 : -1;
        }
        return comparePreReleases(left.group(2).split("\\."), right.group(2).split("\\."));
    }

    private static Matcher matched(String version) {
        Matcher matcher = SEMANTIC.matcher(version);
        if (!matcher.matches()) {
            throw new IllegalStateException(version);
        }
        return matcher;
    }

    private static int compareNumbers(String[] left, String[] right) {
        for (int i = 0; i < Math.max(left.length, right.length); i++) {
            int order = part(left, i).compareTo(part(right, i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static BigInteger part(String[] parts, int index) {
        return index < parts.length ? new BigInteger(parts[index]) : BigInteger.ZERO;
    }

    /** As semver.org says: numbers before words, the longer one after its beginning. */
    private static int comparePreReleases(String[] left, String[] right) {
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            boolean leftIsNumber = NUMBER.matcher(left[i]).matches();
            boolean rightIsNumber = NUMBER.matcher(right[i]).matches();
            int order = leftIsNumber && rightIsNumber
                    ? new BigInteger(left[i]).compareTo(new BigInteger(right[i]))
                    : leftIsNumber == rightIsNumber ? left[i].compareTo(right[i]) : leftIsNumber ? -1 : 1;
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.length, right.length);
    }
}
