package dev.kitchen.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StagingOwnerTest {

    private final StagingOwner self = StagingOwner.ofThisProcess();

    @Test
    void isKnownByItsMark() {
        assertThat(StagingOwner.of(self.mark() + "anything\nmore")).contains(self);
        assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void whatHasNoMarkIsNobodys() {
        assertThat(StagingOwner.of("model.onnx")).isEmpty();
        assertThat(StagingOwner.of("")).isEmpty();
    }

    @Test
    void aProcessThatRunsIsNotDead() {
        assertThat(self.isDead()).isFalse();
    }

    @Test
    void aProcessOfAnotherMachineMayBeAlive() {
        long nobody = 4_194_305;

        assertThat(new StagingOwner("0123456789abcdef", nobody).isDead()).isFalse();
        assertThat(new StagingOwner("0".repeat(16), nobody).isDead()).isFalse();
    }
}
