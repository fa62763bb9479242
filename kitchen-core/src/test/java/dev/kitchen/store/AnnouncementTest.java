package dev.kitchen.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnouncementTest {

    private static final StagingOwner OWNER = new StagingOwner("0123456789abcdef", 42);

    @TempDir
    Path directory;

    private Path note(String content) throws IOException {
        return Files.writeString(directory.resolve("note" + Announcement.SUFFIX), content);
    }

    @Test
    void isReadAsItWasWritten() throws IOException {
        Path note = directory.resolve("note" + Announcement.SUFFIX);

        Announcement written = Announcement.write(note, OWNER, "m", "1");

        assertThat(Announcement.read(note)).contains(written);
        assertThat(StagingOwner.of(Files.readString(note))).contains(OWNER);
    }

    @Test
    void isOfOneVersionOfOneModel() {
        Announcement announcement = new Announcement(directory, "m", "1");

        assertThat(announcement.isOf("m", "1")).isTrue();
        assertThat(announcement.isOf("m", "2")).isFalse();
        assertThat(announcement.isOf("n", "1")).isFalse();
    }

    @Test
    void whatIsNoneIsPassedOver() throws IOException {
        assertThat(Announcement.read(note(OWNER.mark() + "\nm"))).as("cut off").isEmpty();
        assertThat(Announcement.read(note(OWNER.mark() + "\nm\n1\n2"))).isEmpty();
        assertThat(Announcement.read(note(OWNER.mark() + "\n../m\n1"))).isEmpty();
        assertThat(Announcement.read(note(OWNER.mark() + "\nm\n"))).isEmpty();
        assertThat(Announcement.read(note("x".repeat(1_001 - 4) + "\nm\n1"))).isEmpty();
        assertThat(Announcement.read(note("x".repeat(1_000 - 4) + "\nm\n1"))).isPresent();
        Path otherName = Files.writeString(directory.resolve("note"), OWNER.mark() + "\nm\n1");
        assertThat(Announcement.read(otherName)).isEmpty();
        Path link = Files.createSymbolicLink(
                directory.resolve("link" + Announcement.SUFFIX), note(OWNER.mark() + "\nm\n1"));
        assertThat(Announcement.read(link)).isEmpty();
    }
}
