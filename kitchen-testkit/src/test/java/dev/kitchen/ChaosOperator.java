package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.error.RegistryException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Operates the registries of several kitchens on one directory, and is interrupted now and then. */
final class ChaosOperator {

    private final SplittableRandom random;
    private final List<Kitchen> kitchens;
    private final Path sources;
    private final AtomicInteger versions;
    private final BooleanSupplier closing;
    private final Thread thread = Thread.currentThread();
    private boolean interrupted;
    private int operations;
    private final Map<String, Integer> failures = new TreeMap<>();

    ChaosOperator(long seed, List<Kitchen> kitchens, Path sources, AtomicInteger versions, BooleanSupplier closing) {
        this.random = new SplittableRandom(seed);
        this.kitchens = kitchens;
        this.sources = sources;
        this.versions = versions;
        this.closing = closing;
    }

    int operations() {
        return operations;
    }

    /** How many operations failed, by kind. */
    Map<String, Integer> failures() {
        return failures;
    }

    /** For whoever runs beside it. */
    synchronized void interrupt() {
        interrupted = true;
        thread.interrupt();
    }

    private synchronized boolean forgetInterrupt() {
        boolean was = interrupted;
        interrupted = false;
        Thread.interrupted();
        return was;
    }

    /** One thing at random, which happens or fails typed. */
    void operate() throws IOException {
        Kitchen kitchen = kitchens.get(random.nextInt(kitchens.size()));
        operations++;
        KitchenException failure = null;
        try {
            operate(kitchen, new FuzzRegistry(kitchen.registry(), sources));
        } catch (KitchenException e) {
            failure = e;
            failed(e instanceof RegistryException known ? "Registry " + known.reason() : e);
        } catch (ClosedByInterruptException e) {
            // The operator's own file, which it was about to write.
            failed(e);
        }
        boolean wasInterrupted = forgetInterrupt();
        if (failure instanceof CancelledException) {
            assertThat(wasInterrupted).as("%s, but nobody interrupted", failure).isTrue();
        } else if (failure instanceof NotReadyException
                && !String.valueOf(failure).contains(Faults.MESSAGE)) {
            assertThat(closing.getAsBoolean())
                    .as("%s, but nobody closes", failure)
                    .isTrue();
        }
    }

    private void failed(Object what) {
        failures.merge(what instanceof String text ? text : what.getClass().getSimpleName(), 1, Integer::sum);
    }

    private void operate(Kitchen kitchen, FuzzRegistry registry) throws IOException {
        String next = Integer.toString(versions.incrementAndGet());
        String model = "m" + random.nextInt(ChaosKitchen.PERMITS.size());
        switch (random.nextInt(8)) {
            case 0 -> kitchen.refresh();
            case 1 -> registry.deployGarbage(model, next);
            case 2 -> kitchen.registry().retire(model, anyVersion(kitchen, model));
            case 3 -> kitchen.registry().delete(model, anyVersion(kitchen, model));
            default -> registry.operate(random, model, next);
        }
    }

    /** Not those that callers ask for, and count on. */
    private String anyVersion(Kitchen kitchen, String model) {
        return kitchen.registry().describe(model).versions().stream()
                .map(it -> it.version())
                .filter(it -> !it.equals("1") && !it.equals("2"))
                .findAny()
                .orElse("none");
    }
}
