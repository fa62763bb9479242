package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.spi.ControlDocument;
import dev.kitchen.spi.ControlStore;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.InMemoryControlStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A roll back that could not be written holds for this process until others have something to say about the version. */
@Timeout(60)
class LocalRollbackTest {

    @TempDir
    Path directory;

    private Path models;

    /** A store that two kitchens share; one of them cannot write to it. */
    private static final class Shared extends ForwardingStore {

        private volatile boolean unwritable;
        private volatile @Nullable Throwable onReads;
        private volatile Throwable onWrites = new RegistryException(Reason.UNWRITABLE, "no room");

        Shared(ControlStore store) {
            super(store);
        }

        @Override
        public ControlDocument update(UnaryOperator<ControlDocument> change) {
            if (unwritable) {
                throw Thrown.sneaky(onWrites);
            }
            return super.update(change);
        }

        @Override
        public ControlDocument read() {
            Throwable failure = onReads;
            if (failure != null) {
                throw Thrown.sneaky(failure);
            }
            return super.read();
        }

        @Override
        public Object stamp() {
            Throwable failure = onReads;
            if (failure != null) {
                throw Thrown.sneaky(failure);
            }
            return super.stamp();
        }

        @Override
        public void close() {
            // The test's.
        }
    }

    private Kitchen open(ControlStore store) {
        return Kitchen.builder()
                .models(models)
                .controlStore(store)
                .backend(new FakeBackend())
                .watch(Duration.ZERO)
                .open();
    }

    private void deploy(Kitchen kitchen, String version, boolean activate) throws IOException {
        Path model = FakeBackend.writeModel(Files.createTempDirectory(directory, "next"), "m", version);
        DeployRequest.Builder request = DeployRequest.of("m", model).version(version);
        kitchen.registry().deploy((activate ? request.activate() : request).build());
    }

    private static String tag(Kitchen kitchen) {
        return kitchen.endpoint("m").predict("x", Models.x(1)).tensor("tag").stringAt(0);
    }

    /** Two kitchens on one registry with versions 1 to 3, of which 3 answers; the first one cannot write any more. */
    private void scenario(Scenario scenario) throws IOException {
        models = Files.createTempDirectory(directory, "models");
        ControlStore store = new InMemoryControlStore();
        Shared unwritable = new Shared(store);
        try (Kitchen kitchen = open(unwritable);
                Kitchen other = open(new Shared(store))) {
            deploy(kitchen, "1", true);
            deploy(kitchen, "2", true);
            deploy(kitchen, "3", true);
            other.refresh();
            unwritable.unwritable = true;
            scenario.play(kitchen, unwritable, other);
        }
    }

    private interface Scenario {
        void play(Kitchen kitchen, Shared store, Kitchen other) throws IOException;
    }

    @Test
    void theDocumentHoldsAgainWhenAnotherProcessRetiresTheVersion() throws IOException {
        scenario((kitchen, store, other) -> {
            kitchen.registry().rollback("m");
            assertThat(tag(kitchen)).isEqualTo("2");

            other.registry().retire("m", "2");
            kitchen.refresh();

            assertThat(tag(kitchen)).isEqualTo("3");
            store.unwritable = false;
            kitchen.refresh();
            assertThat(tag(kitchen)).isEqualTo("3");
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        });
    }

    @Test
    void isWrittenOnceThatIsPossible() throws IOException {
        scenario((kitchen, store, other) -> {
            kitchen.registry().rollback("m");
            // An operation that reads the document, and one that fails, change nothing about it.
            assertThatThrownBy(() -> deploy(kitchen, "4", false)).isInstanceOf(RegistryException.class);
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.DEGRADED);
            store.unwritable = false;
            kitchen.refresh();

            assertThat(tag(kitchen)).isEqualTo("2");
            other.refresh();
            assertThat(tag(other)).isEqualTo("2");
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        });
    }

    @Test
    void twoInARowAreWrittenAsOne() throws IOException {
        scenario((kitchen, store, other) -> {
            kitchen.registry().rollback("m");
            kitchen.registry().rollback("m");
            assertThat(tag(kitchen)).isEqualTo("1");
            store.unwritable = false;
            kitchen.refresh();

            assertThat(tag(kitchen)).isEqualTo("1");
            other.refresh();
            assertThat(tag(other)).isEqualTo("1");
        });
    }

    @Test
    void whatOthersDoIsStillNoticed() throws IOException {
        scenario((kitchen, store, other) -> {
            kitchen.registry().rollback("m");
            Path model = FakeBackend.writeModel(Files.createTempDirectory(directory, "next"), "another", "1");
            other.registry()
                    .deploy(DeployRequest.of("another", model).activate().build());

            kitchen.refresh();

            assertThat(kitchen.endpointNames()).containsExactly("another", "m");
            assertThat(tag(kitchen)).isEqualTo("2");
        });
    }

    @Test
    void whoeverDecidesLaterIsObeyed() throws IOException {
        scenario((kitchen, store, other) -> {
            kitchen.registry().rollback("m");
            other.registry().activate("m", "1");
            store.unwritable = false;
            kitchen.refresh();

            assertThat(tag(kitchen)).isEqualTo("1");
            assertThat(kitchen.registry().describe("m").currentVersion()).hasValue("1");
        });
    }

    static Throwable[] interrupts() {
        return new Throwable[] {new InterruptedException("the store's"), new CancelledException("the store's")};
    }

    @ParameterizedTest
    @MethodSource("interrupts")
    void anInterruptThatTheStoreThrowsIsItsFailure(Throwable what) throws IOException {
        scenario((kitchen, store, other) -> {
            store.onWrites = what;
            store.onReads = what;
            assertThatThrownBy(kitchen::refresh).isInstanceOf(RegistryException.class);
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.DEGRADED);

            kitchen.registry().rollback("m");

            assertThat(Thread.interrupted()).isFalse();
            assertThat(tag(kitchen)).isEqualTo("2");
            store.onReads = null;
            store.unwritable = false;
            kitchen.refresh();
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
            assertThat(kitchen.registry().describe("m").currentVersion()).hasValue("2");
        });
    }

    @ParameterizedTest
    @MethodSource("interrupts")
    void aThreadThatWasInterruptedBeforeStaysSoAndSaysNothingAboutTheStore(Throwable what) throws IOException {
        scenario((kitchen, store, other) -> {
            store.onReads = what;
            Thread.currentThread().interrupt();
            assertThatThrownBy(kitchen::refresh).isInstanceOf(CancelledException.class);

            assertThat(Thread.interrupted()).isTrue();
            store.onReads = null;
            store.unwritable = false;
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        });
    }

    /** What is done next, once the registry can be written again. */
    private interface Next {
        void play(Kitchen kitchen) throws IOException;
    }

    private void thenAnswers(Next next, String expected) throws IOException {
        scenario((kitchen, store, other) -> {
            kitchen.registry().rollback("m");
            assertThat(tag(kitchen)).isEqualTo("2");
            store.unwritable = false;

            next.play(kitchen);

            assertThat(tag(kitchen)).isEqualTo(expected);
            kitchen.refresh();
            assertThat(tag(kitchen)).isEqualTo(expected);
            assertThat(kitchen.registry().describe("m").currentVersion()).hasValue(expected);
            other.refresh();
            assertThat(tag(other)).isEqualTo(expected);
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        });
    }

    @Test
    void aLaterActivateWinsAlsoOfTheVersionThatTheDocumentNames() throws IOException {
        thenAnswers(kitchen -> kitchen.registry().activate("m", "3"), "3");
    }

    @Test
    void aLaterRollBackToAVersionWins() throws IOException {
        thenAnswers(kitchen -> kitchen.registry().rollback("m", "3"), "3");
        thenAnswers(kitchen -> kitchen.registry().rollback("m", "2"), "2");
        thenAnswers(kitchen -> kitchen.registry().rollback("m", "1"), "1");
    }

    @Test
    void aLaterDeployThatActivatesWins() throws IOException {
        thenAnswers(kitchen -> deploy(kitchen, "3", true), "3");
        thenAnswers(kitchen -> deploy(kitchen, "4", true), "4");
    }

    @Test
    void aLaterDeactivateWins() throws IOException {
        scenario((kitchen, store, other) -> {
            kitchen.registry().rollback("m");
            store.unwritable = false;

            kitchen.registry().deactivate("m");
            kitchen.refresh();

            assertThat(kitchen.endpointNames()).isEmpty();
            assertThat(kitchen.registry().describe("m").active()).isFalse();
        });
        thenAnswers(
                kitchen -> {
                    kitchen.registry().deactivate("m");
                    kitchen.registry().activate("m");
                },
                "3");
    }

    @Test
    void aLaterOperationAboutSomethingElseKeepsIt() throws IOException {
        thenAnswers(kitchen -> kitchen.registry().alias("m", "steady", "1"), "2");
        thenAnswers(kitchen -> deploy(kitchen, "4", false), "2");
    }

    @Test
    void aLaterActivateThatCannotBeWrittenEitherKeepsIt() throws IOException {
        scenario((kitchen, store, other) -> {
            kitchen.registry().rollback("m");

            assertThatThrownBy(() -> kitchen.registry().activate("m", "3")).isInstanceOf(RegistryException.class);

            assertThat(tag(kitchen)).isEqualTo("2");
        });
    }

    @Test
    void oneBackToWhatTheDocumentNamesIsOverOnceTheRegistryCanBeWritten() throws IOException {
        scenario((kitchen, store, other) -> {
            kitchen.registry().rollback("m");
            kitchen.registry().rollback("m", "3");
            assertThat(tag(kitchen)).isEqualTo("3");
            store.unwritable = false;

            kitchen.refresh();

            assertThat(tag(kitchen)).isEqualTo("3");
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        });
    }

    @Test
    void aSecondOneOnceTheRegistryCanBeWrittenGoesOneVersionFurther() throws IOException {
        thenAnswers(
                kitchen -> {
                    assertThat(kitchen.registry().rollback("m").version()).isEqualTo("1");
                    assertThat(kitchen.registry().history("m"))
                            .filteredOn(it -> it.operation().equals("rollback"))
                            .extracting(it -> it.to().orElseThrow())
                            .containsExactly("2", "1");
                },
                "1");
    }
}
