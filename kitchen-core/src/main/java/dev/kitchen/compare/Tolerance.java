package dev.kitchen.compare;

import dev.kitchen.predict.GoldenCase;
import java.math.BigDecimal;
import java.math.MathContext;

/** How far a number may be from what a golden case expects. */
public final class Tolerance {

    private final GoldenCase golden;

    public Tolerance(GoldenCase golden) {
        this.golden = golden;
    }

    /** Whether a number is what is wanted; NaN is where NaN is wanted. */
    boolean allows(double wanted, double got) {
        if (!Double.isFinite(wanted) || !Double.isFinite(got)) {
            return Double.compare(wanted, got) == 0;
        }
        return Math.abs(got - wanted) <= allowed(wanted);
    }

    /** To follow the wanted number in a message. */
    String text(double wanted) {
        double allowed = allowed(wanted);
        return Double.isFinite(wanted) && Double.isFinite(allowed)
                ? " ± " + new BigDecimal(allowed).round(new MathContext(2)).stripTrailingZeros()
                : "";
    }

    private double allowed(double wanted) {
        return golden.absoluteTolerance() + golden.relativeTolerance() * Math.abs(wanted);
    }
}
