package dev.kitchen.spi;

/**
 * One thing noticed about this machine before a model runs on it.
 *
 * @param severity how bad it is
 * @param code stable, in kebab-case, for programs: {@code temp-dir-noexec}
 * @param problem what is the case, with the actual value, in one line
 * @param remedy what to do about it, in one line; empty where nothing is to be done
 */
public record Finding(Severity severity, String code, String problem, String remedy) {

    /** From "fine" to "no model will run". */
    public enum Severity {
        /** A fact worth knowing. */
        INFO,
        /** Models run, but something will surprise. */
        WARNING,
        /** Models will not run until this is cured. */
        ERROR
    }

    @Override
    public String toString() {
        return severity + " " + code + ": " + problem + (remedy.isEmpty() ? "" : ". " + remedy);
    }
}
