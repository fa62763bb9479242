package dev.kitchen;

import java.math.BigInteger;
import java.util.Comparator;

/** Version names by age, as far as names tell: numbers by their value, and before all other names. */
final class VersionOrder {

    static final Comparator<String> OLDEST_FIRST = VersionOrder::compare;

    private VersionOrder() {}

    private static int compare(String one, String other) {
        boolean oneIsNumber = isNumber(one);
        boolean otherIsNumber = isNumber(other);
        if (oneIsNumber && otherIsNumber) {
            int byValue = new BigInteger(one).compareTo(new BigInteger(other));
            return byValue != 0 ? byValue : one.compareTo(other);
        }
        return oneIsNumber ? -1 : otherIsNumber ? 1 : one.compareTo(other);
    }

    private static boolean isNumber(String name) {
        return !name.isEmpty() && name.chars().allMatch(it -> it >= '0' && it <= '9');
    }
}
