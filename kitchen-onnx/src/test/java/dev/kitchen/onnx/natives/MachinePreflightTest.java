package dev.kitchen.onnx.natives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.spi.Finding;
import dev.kitchen.spi.Finding.Severity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachinePreflightTest {

    @TempDir
    private Path directory;

    @Test
    void readsTheQuotaOfControlGroupsOfVersionTwo() throws Exception {
        write("sys/cpu.max", "150000 100000\n");

        assertThat(quota("0::/\n")).hasValue(1.5);
    }

    @Test
    void theTightestGroupOnTheWayUpBinds() throws Exception {
        write("sys/cpu.max", "max 100000\n");
        write("sys/kubepods/cpu.max", "50000 100000\n");
        write("sys/kubepods/pod/cpu.max", "200000 100000\n");

        assertThat(quota("0::/kubepods/pod\n")).hasValue(0.5);
    }

    @Test
    void readsTheQuotaOfControlGroupsOfVersionOne() throws Exception {
        write("sys/cpu,cpuacct/docker/cpu.cfs_quota_us", "25000\n");
        write("sys/cpu,cpuacct/docker/cpu.cfs_period_us", "100000\n");

        assertThat(quota("5:memory:/docker\n4:cpu,cpuacct:/docker\n")).hasValue(0.25);
    }

    @Test
    void aGroupOfTheHostThatIsNotInTheContainerLeadsToTheContainersOwn() throws Exception {
        write("sys/cpu/cpu.cfs_quota_us", "300000\n");
        write("sys/cpu/cpu.cfs_period_us", "100000\n");

        assertThat(quota("4:cpu:/docker/0123\n")).hasValue(3);
    }

    @ParameterizedTest
    @CsvSource({"max 100000", "-1 100000", "nonsense", "100000 0", "''"})
    void noQuotaIsNoNumber(String content) throws Exception {
        write("sys/cpu.max", content);

        assertThat(quota("0::/\nrubbish\n")).isEmpty();
        assertThat(quota("0::/../../..\n")).isEmpty();
    }

    @Test
    void saysTheQuotaAndWarnsBelowOneProcessor() {
        Finding enough = MachinePreflight.processors(OptionalDouble.of(1.5), 2);
        Finding little = MachinePreflight.processors(OptionalDouble.of(0.25), 1);
        Finding unlimited = MachinePreflight.processors(OptionalDouble.empty(), 2);

        assertThat(enough.severity()).isEqualTo(Severity.INFO);
        assertThat(enough.problem()).isEqualTo("the CPU quota is 1.50, the JVM sees 2 processors");
        assertThat(little.severity()).isEqualTo(Severity.WARNING);
        assertThat(little.problem()).startsWith("the CPU quota is 0.25, the JVM sees 1 processor");
        assertThat(unlimited.severity()).isEqualTo(Severity.INFO);
    }

    @Test
    void findsTheLocaleInADirectory() throws Exception {
        assertThat(SystemLocale.hasEnUsUtf8(directory)).isFalse();

        Files.createDirectory(directory.resolve("en_US.utf8"));

        assertThat(SystemLocale.hasEnUsUtf8(directory)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"en_US.utf8, true", "de_DE.utf8|en_US.utf8, true", "en_US, false", "xen_US.utf8, false", "'', false"})
    void findsTheLocaleInAnArchive(String names, boolean found) throws Exception {
        Files.write(directory.resolve("locale-archive"), archive(0xde020109, 56, names.replace('|', '\0') + "\0"));

        assertThat(SystemLocale.hasEnUsUtf8(directory)).isEqualTo(found);
    }

    @Test
    void aBrokenArchiveHasNoLocales() throws Exception {
        Path archive = directory.resolve("locale-archive");

        Files.write(archive, archive(0x12345678, 56, "en_US.utf8\0"));
        assertThat(SystemLocale.hasEnUsUtf8(directory)).isFalse();
        Files.write(archive, archive(0xde020109, Integer.MAX_VALUE, "en_US.utf8\0"));
        assertThat(SystemLocale.hasEnUsUtf8(directory)).isFalse();
        Files.write(archive, archive(0xde020109, -1, "en_US.utf8\0"));
        assertThat(SystemLocale.hasEnUsUtf8(directory)).isFalse();
        Files.write(archive, new byte[5]);
        assertThat(SystemLocale.hasEnUsUtf8(directory)).isFalse();
    }

    @Test
    void warnsOfAMissingLocaleWithItsCure() {
        assertThat(MachinePreflight.locale(true)).isEmpty();
        assertThat(MachinePreflight.locale(false)).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("locale-missing");
            assertThat(finding.remedy()).contains("localedef -i en_US -f UTF-8 en_US.UTF-8", "locales-all");
        });
    }

    @Test
    void knowsMuslByWhatIsMapped() throws Exception {
        Path musl = Files.writeString(directory.resolve("musl"), "7f00-7f01 r--p 0 0:0 1 /lib/ld-musl-x86_64.so.1\n");
        Path glibc = Files.writeString(directory.resolve("glibc"), "7f00-7f01 r--p 0 0:0 1 /lib/libc.so.6\n");

        assertThat(CLibrary.isMusl(musl, directory)).isTrue();
        assertThat(CLibrary.isMusl(glibc, directory)).isFalse();
        assertThat(CLibrary.isMusl(directory.resolve("missing"), directory)).isFalse();
        Files.createFile(directory.resolve("ld-musl-x86_64.so.1"));
        assertThat(CLibrary.isMusl(directory.resolve("missing"), directory)).isTrue();
        assertThat(CLibrary.isMusl(glibc, directory)).isFalse();
    }

    private OptionalDouble quota(String membership) throws IOException {
        return CpuQuota.of(directory.resolve("sys"), write("membership", membership));
    }

    private Path write(String path, String content) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    /** As glibc writes them: a header of 56 bytes, with offset and length of the names in words five and six. */
    private static byte[] archive(int magic, int offset, String names) {
        byte[] text = names.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(56 + text.length)
                .order(ByteOrder.nativeOrder())
                .putInt(0, magic)
                .putInt(20, offset)
                .putInt(24, text.length)
                .position(56)
                .put(text)
                .array();
    }
}
