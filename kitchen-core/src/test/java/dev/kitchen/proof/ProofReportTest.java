package dev.kitchen.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.proof.ProofReport.Outcome;
import dev.kitchen.proof.ProofReport.Step;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProofReportTest {

    private static final Step PASSED = new Step("golden cases", Outcome.PASSED, "3 cases");
    private static final Step FAILED = new Step("trial run", Outcome.FAILED, "it broke");
    private static final Step UNPROVED = new Step("trial run", Outcome.UNPROVED, "nobody knows");

    private static ProofReport report(Step... steps) {
        return new ProofReport("model 'm'", List.of(steps), Optional.empty());
    }

    @Test
    void passesWhereEachStepDoes() {
        assertThat(report(PASSED).passed()).isTrue();
        assertThat(report(PASSED).reason()).isEmpty();
        assertThat(report(PASSED).forced()).isEmpty();
    }

    @Test
    void saysWhichStepDidNotPass() {
        assertThat(report(PASSED, FAILED).passed()).isFalse();
        assertThat(report(PASSED, FAILED).reason()).isEqualTo("model 'm': it broke");
        assertThat(report(UNPROVED).passed()).isFalse();
    }

    @Test
    void saysWhatWasPassedOverBecauseThatWasAskedFor() {
        Step forced = FAILED.forcedIf(true);

        assertThat(report(PASSED, forced).passed()).isTrue();
        assertThat(report(PASSED, forced).reason()).isEmpty();
        assertThat(report(PASSED, forced).forced()).containsExactly("model 'm': it broke");
        assertThat(FAILED.forcedIf(false)).isSameAs(FAILED);
        assertThat(PASSED.forcedIf(true)).isSameAs(PASSED);
        assertThat(UNPROVED.forcedIf(true).outcome()).isEqualTo(Outcome.FORCED);
    }
}
