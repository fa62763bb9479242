package dev.kitchen.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The process that something in the staging directory belongs to.
 *
 * @param machine one start of one machine, and one name space of process ids on it; zeros where that cannot be told
 */
record StagingOwner(String machine, long pid) {

    private static final Pattern MARK = Pattern.compile("([0-9a-f]{16})-([0-9]{1,18})-.*", Pattern.DOTALL);

    private static final int MACHINE_LENGTH = 16;
    private static final String UNKNOWN = "0".repeat(MACHINE_LENGTH);

    static StagingOwner ofThisProcess() {
        return new StagingOwner(thisMachine(), ProcessHandle.current().pid());
    }

    /** A host's name would not do: containers may have the same one, and each counts its processes from 1. */
    private static String thisMachine() {
        try {
            String start = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
            String names = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
            return Sha256.of((start + names).getBytes(StandardCharsets.UTF_8)).substring(0, MACHINE_LENGTH);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /** What names and contents begin with. */
    String mark() {
        return machine + "-" + pid + "-";
    }

    /** Whose something is; empty where it has no mark. */
    static Optional<StagingOwner> of(String marked) {
        Matcher mark = MARK.matcher(marked);
        return mark.matches()
                ? Optional.of(new StagingOwner(mark.group(1), Long.parseLong(mark.group(2))))
                : Optional.empty();
    }

    /** Whether the process is surely no more. */
    boolean isDead() {
        return !machine.equals(UNKNOWN)
                && machine.equals(thisMachine())
                && ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
    }
}
