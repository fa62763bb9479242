package dev.kitchen.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who writes: user, machine, process. */
record Writer(String user, String host, long pid) {

    private static final Writer THIS_PROCESS = new Writer(
            System.getProperty("user.name", "unknown"),
            hostName(),
            ProcessHandle.current().pid());

    static Writer ofThisProcess() {
        return THIS_PROCESS;
    }

    /** Asking the network for it can take seconds. */
    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            String name = System.getenv().getOrDefault("HOSTNAME", System.getenv("COMPUTERNAME"));
            return name == null ? "unknown" : name;
        }
    }

    String account() {
        return user + "@" + host;
    }

    @Override
    public String toString() {
        return account() + " pid " + pid;
    }
}
