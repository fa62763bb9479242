package dev.kitchen.benchmarks;

import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Which model is asked, and what. */
@State(Scope.Benchmark)
public class Asked {

    /** One of {@link Models#NAMES}, or {@code shared:} and the id of a given one. */
    @Param({"iris", "mlp", "trees", "cnn"})
    public String model = "iris";

    Model what;
    float[] item;

    @Setup
    public void choose() {
        what = Model.of(model);
        item = what.item();
    }
}
