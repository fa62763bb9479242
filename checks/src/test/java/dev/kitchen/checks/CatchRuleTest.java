package dev.kitchen.checks;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.TryCatchBlock;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.kitchen.error.KitchenException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Foreign code may throw anything, so code that reports an outcome or gives something back must not look at typed failures
 * only: where a {@code try} catches {@link KitchenException} it catches {@link Throwable} as well, or its place is listed
 * here with the reason.
 */
class CatchRuleTest {

    private static final String EVERYTHING = Throwable.class.getName();

    /** Methods that catch typed failures only, and why nothing else arrives there, or why it is to pass. */
    private static final Map<String, String> REASONS = Map.ofEntries(
            entry(
                    "dev.kitchen.deploy.DeployOperation.proved",
                    "what a loading thread throws comes out of its future typed"),
            entry("dev.kitchen.call.FallbackChain.otherVersion", "Attempts makes all that a version throws typed"),
            entry("dev.kitchen.call.FallbackChain.predict", "Attempts makes all that a version throws typed"),
            entry(
                    "dev.kitchen.models.PendingVersions.finish",
                    "what a loading thread throws comes out of its future typed"),
            entry(
                    "dev.kitchen.models.Watcher.lookOnce",
                    "all else passes to ServiceThread: it logs it, and health says so"),
            entry("dev.kitchen.stage.guarding.RetryPredictor.predict", "all else is not retryable"),
            entry("dev.kitchen.micrometer.Meters.statistics", "the registry of meters logs what a gauge throws"),
            entry("dev.kitchen.onnx.run.CheckedBoundRun.run", "all else is no refusal of the bound memory"),
            entry(
                    "dev.kitchen.onnx.foreign.ForeignLoader.load",
                    "an error such as lack of memory says nothing of the API"),
            entry("dev.kitchen.onnx.official.NativeLoading.load", "thrown again as it is"),
            entry("dev.kitchen.onnx.NativePreflight.loading", "whoever asks for a preflight catches all"),
            entry("dev.kitchen.onnx.official.OnnxEnvironment.load", "all else may be gone the next time"),
            entry("dev.kitchen.proof.RowTrial.<init>", "ProofRuns makes all that a session throws typed"),
            entry("dev.kitchen.proof.RowTrial.compare", "ProofRuns makes all that a session throws typed"),
            entry("dev.kitchen.proof.TrialRun.run", "ProofRuns makes all that a session throws typed"),
            entry("dev.kitchen.proof.VersionProof.golden", "ProofRuns makes all that a session throws typed"),
            entry("dev.kitchen.proof.VersionProof.latency", "ProofRuns makes all that a session throws typed"));

    @Test
    void whoCatchesTypedFailuresCatchesAllOthersTooOrHasAReason() {
        assertThat(catchingTypedFailuresOnly(ProjectClasses.ALL)).containsExactlyInAnyOrderElementsOf(REASONS.keySet());
    }

    @Test
    void theRuleFindsATryThatForgetsTheOthers() {
        JavaClasses examples = new ClassFileImporter().importClasses(Examples.class);

        assertThat(catchingTypedFailuresOnly(examples))
                .containsExactlyInAnyOrder(
                        Examples.class.getName() + ".forgets",
                        Examples.class.getName() + ".forgetsInALambda",
                        Examples.class.getName() + ".forgetsAmongOthers");
    }

    private static Set<String> catchingTypedFailuresOnly(JavaClasses classes) {
        return classes.stream()
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(CatchRuleTest::forgetsTheOthers)
                .map(unit -> unit.getOwner().getName() + "." + unit.getName())
                .collect(Collectors.toSet());
    }

    private static boolean forgetsTheOthers(JavaCodeUnit unit) {
        return unit.getTryCatchBlocks().stream()
                .map(CatchRuleTest::caught)
                .anyMatch(caught -> caught.contains(KitchenException.class.getName()) && !caught.contains(EVERYTHING));
    }

    private static Set<String> caught(TryCatchBlock block) {
        return block.getCaughtThrowables().stream().map(JavaClass::getName).collect(Collectors.toSet());
    }

    /** Handlers that the rule must refuse, and handlers that it must accept. */
    @SuppressWarnings("unused") // read as classes
    private static final class Examples {

        private int outcome;

        void forgets(Runnable foreign) {
            try {
                foreign.run();
            } catch (KitchenException e) {
                outcome = 1;
            } finally {
                outcome++;
            }
        }

        void forgetsInALambda(Stream<Runnable> foreign) {
            foreign.forEach(it -> {
                try {
                    it.run();
                } catch (KitchenException e) {
                    outcome = 2;
                }
            });
        }

        void forgetsAmongOthers(Runnable foreign) {
            try {
                foreign.run();
            } catch (KitchenException | IllegalStateException e) {
                outcome = 3;
            }
        }

        void catchesAll(Runnable foreign) {
            try {
                foreign.run();
            } catch (KitchenException e) {
                outcome = 4;
            } catch (Throwable e) {
                outcome = 5;
            }
        }

        void catchesOneKind(Runnable foreign) {
            try {
                foreign.run();
            } catch (IllegalStateException e) {
                outcome = 6;
            }
        }
    }
}
