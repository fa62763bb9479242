package dev.kitchen.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * All that a full run asks. Arguments: where JMH's JSON goes, JVMs per start-up figure, then JMH's own options for the
 * rest.
 */
final class Suite {

    private static final int[] CALLERS = {1, 2, 8, 32};
    private static final String[] SHARED = {"shared:mnist-cnn-pytorch", "shared:lgbm-classifier-tensor"};

    private final List<RunResult> results = new ArrayList<>();
    private final CommandLineOptions settings;
    private boolean failed;

    private Suite(CommandLineOptions settings) {
        this.settings = settings;
    }

    public static void main(String[] arguments) throws CommandLineOptionException, IOException {
        String[] options = Arrays.copyOfRange(arguments, 2, arguments.length);
        Suite suite = new Suite(new CommandLineOptions(options));
        suite.single();
        suite.concurrent();
        suite.startup(Integer.parseInt(arguments[1]));
        try (PrintStream target = new PrintStream(arguments[0], StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, target).writeOut(suite.results);
        }
        System.exit(suite.failed ? 1 : 0);
    }

    private void single() {
        String[] models = Models.NAMES.toArray(String[]::new);
        run(of("PredictBenchmark").exclude("kitchenTyped").param("model", models));
        run(of("PredictBenchmark.kitchenTyped").param("model", "iris", "mlp", "trees"));
        String[] shared = Stream.of(SHARED).filter(Model::present).toArray(String[]::new);
        if (shared.length > 0) {
            run(of("PredictBenchmark.(kitchen|kitchenBound|officialIdiomatic|djl)$")
                    .param("model", shared));
        }
        run(of("OverheadBenchmark"));
    }

    private void concurrent() {
        for (int callers : CALLERS) {
            run(of("CallersBenchmark").param("model", "iris").threads(callers));
        }
        if (VirtualThreads.supported()) {
            run(of("VirtualThreadsBenchmark").param("model", "iris"));
        } else {
            System.out.println(
                    "benchmarks: no virtual threads on JDK " + Runtime.version().feature());
        }
    }

    private void startup(int jvms) {
        run(of("StartupBenchmark")
                .param("model", "iris")
                .forks(jvms)
                .warmupForks(1)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.NONE));
    }

    private ChainedOptionsBuilder of(String benchmark) {
        return new OptionsBuilder()
                .parent(settings)
                .include("\\." + benchmark)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
    }

    /** What fails is told in the end: the rest is worth having. */
    private void run(ChainedOptionsBuilder options) {
        try {
            results.addAll(new Runner(options.build()).run());
        } catch (RunnerException e) {
            System.out.println("benchmarks: failed: " + e);
            failed = true;
        }
    }
}
