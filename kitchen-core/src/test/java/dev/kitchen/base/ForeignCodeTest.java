package dev.kitchen.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.error.RejectedException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ForeignCodeTest {

    /** Whose message cannot even be read. */
    private static final class Hostile extends RuntimeException {

        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new StackOverflowError();
        }
    }

    static Throwable[] anything() {
        return new Throwable[] {
            new IllegalStateException("no"),
            new IOException("no disk"),
            new AssertionError("no"),
            new OutOfMemoryError("no heap"),
            new StackOverflowError(),
            new NoClassDefFoundError("gone"),
            new Hostile()
        };
    }

    @ParameterizedTest
    @MethodSource("anything")
    void anAttemptNeverThrows(Throwable what) {
        Runnable failing = () -> {
            throw Thrown.sneaky(what);
        };

        assertThat(ForeignCode.attempt("a listener", failing)).isFalse();
        assertThat(ForeignCode.<Integer>attempt(
                        "a cache",
                        () -> {
                            throw Thrown.sneaky(what);
                        },
                        7))
                .isEqualTo(7);
    }

    @ParameterizedTest
    @MethodSource("anything")
    void whateverIsThrownComesOutTyped(Throwable what) {
        assertThatThrownBy(() -> ForeignCode.call(
                        "model 'm'",
                        () -> {
                            throw Thrown.sneaky(what);
                        },
                        ModelLoadException::new))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageStartingWith("model 'm': ")
                .hasMessageContaining(what.getClass().getSimpleName())
                .hasCause(what);
        assertThat(ForeignCode.typed("m", what)).isInstanceOf(InferenceException.class);
    }

    @Test
    void whatIsTypedStaysAsItIs() {
        RejectedException known = new RejectedException(RejectedException.Reason.QUEUE_FULL, "full");

        assertThat(ForeignCode.typed("m", known)).isSameAs(known);
    }

    @Test
    void anInterruptThatIsThrownIsSetAgain() {
        assertThat(ForeignCode.typed("m", new InterruptedException())).isInstanceOf(CancelledException.class);

        assertThat(Thread.interrupted()).isTrue();
    }
}
