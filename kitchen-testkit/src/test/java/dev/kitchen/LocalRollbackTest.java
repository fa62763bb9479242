package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A roll back that could not be written holds for this process until others have something to say about the version. */
@Timeout(60)
class LocalRollbackTest {

    @TempDir
    Path directory;

    /** A store that two kitchens share; one of them cannot write to it. */
    private static final class Shared extends ForwardingStore {

        private volatile boolean unwritable;

        Shared(ControlStore store) {
            super(store);
        }

        @Override
        public ControlDocument update(UnaryOperator<ControlDocument> change) {
            if (unwritable) {
                throw new RegistryException(Reason.UNWRITABLE, "no room");
            }
            return super.update(change);
        }

        @Override
        public void close() {
            // The test's.
        }
    }

    private Kitchen open(ControlStore store) {
        return Kitchen.builder()
                .models(directory.resolve("models"))
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

    @Test
    void theDocumentHoldsAgainWhenAnotherProcessRetiresTheVersion() throws IOException {
        Files.createDirectories(directory.resolve("models"));
        ControlStore store = new InMemoryControlStore();
        Shared unwritable = new Shared(store);
        try (Kitchen kitchen = open(unwritable);
                Kitchen other = open(new Shared(store))) {
            deploy(kitchen, "1", true);
            deploy(kitchen, "2", true);
            unwritable.unwritable = true;
            kitchen.registry().rollback("m");
            assertThat(tag(kitchen)).isEqualTo("1");

            other.refresh();
            other.registry().retire("m", "1");
            unwritable.unwritable = false;
            deploy(kitchen, "3", false);

            assertThat(tag(kitchen)).isEqualTo("2");
            kitchen.refresh();
            assertThat(tag(kitchen)).isEqualTo("2");
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        }
    }
}
