package dev.kitchen.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * All that a full run asks. JMH's forks are rounds here: each round asks every question once, peer after peer, so that a
 * minute in which the machine is slow hits all peers and not one. Arguments: where JMH's JSON goes, {@code all},
 * {@code predict} for one caller's questions only, or {@code stages} for those of the pipeline, JVMs per round for a start-up figure, then JMH's own options.
 */
final class Suite {

    private static final int[] CALLERS = {1, 2, 8, 32};
    private static final String[] SHARED = {"shared:mnist-cnn-pytorch", "shared:lgbm-classifier-tensor"};

    private static final String[] BATCHED = {"mlp", "wide"};

    private final Map<String, List<RunResult>> rounds = new LinkedHashMap<>();
    private final CommandLineOptions settings;
    private boolean failed;

    private Suite(CommandLineOptions settings) {
        this.settings = settings;
    }

    public static void main(String[] arguments) throws CommandLineOptionException, IOException {
        String[] options = Arrays.copyOfRange(arguments, 3, arguments.length);
        Suite suite = new Suite(new CommandLineOptions(options));
        for (int round = 0; round < suite.settings.getForkCount().orElse(1); round++) {
            if (arguments[1].equals("stages")) {
                suite.stages();
                continue;
            }
            suite.single();
            if (arguments[1].equals("all")) {
                suite.concurrent();
                suite.startup(Integer.parseInt(arguments[2]));
            }
        }
        try (PrintStream target = new PrintStream(arguments[0], StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, target).writeOut(suite.merged());
        }
        System.exit(suite.failed ? 1 : 0);
    }

    private void single() {
        for (String model : Models.NAMES) {
            run(of("PredictBenchmark")
                    .exclude(model.equals("cnn") ? "kitchenTyped" : "-")
                    .param("model", model));
        }
        String[] shared = Stream.of(SHARED).filter(Model::present).toArray(String[]::new);
        if (shared.length > 0) {
            run(of("PredictBenchmark.(kitchen|kitchenBound|officialIdiomatic|djl)$")
                    .param("model", shared));
        }
        run(of("OverheadBenchmark"));
    }

    private void stages() {
        run(of("OverheadBenchmark"));
        run(of("GuardBenchmark"));
        run(of("CacheBenchmark"));
        run(of("BatchingOverheadBenchmark"));
        for (String model : BATCHED) {
            run(of("BatchingBenchmark").param("model", model).measurementTime(TimeValue.seconds(1)));
        }
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
                .forks(1)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
    }

    /** What fails is told in the end: the rest is worth having. */
    private void run(ChainedOptionsBuilder options) {
        try {
            for (RunResult result : new Runner(options.build()).run()) {
                String question = result.getParams().id() + result.getParams().getThreads();
                rounds.computeIfAbsent(question, key -> new ArrayList<>()).add(result);
            }
        } catch (RunnerException e) {
            System.out.println("benchmarks: failed: " + e);
            failed = true;
        }
    }

    /** A result per benchmark, of all its rounds. */
    private List<RunResult> merged() {
        return rounds.values().stream()
                .map(results -> new RunResult(
                        results.get(0).getParams(),
                        results.stream()
                                .flatMap(it -> it.getBenchmarkResults().stream())
                                .toList()))
                .toList();
    }
}
