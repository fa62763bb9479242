package dev.kitchen.onnx.natives;

import dev.kitchen.spi.Finding;
import dev.kitchen.spi.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Findings about the C library, the processors and the locales. */
public final class MachinePreflight {

    private MachinePreflight() {}

    public static List<Finding> findings() {
        if (!NativePlatform.current().isLinux()) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        boolean musl = CLibrary.isMusl();
        if (musl && NativeSettings.chosenByUser().isEmpty()) {
            findings.add(new Finding(
                    Severity.ERROR,
                    "musl",
                    "this system has musl (Alpine Linux), but ONNX Runtime's libraries need glibc",
                    "As base image, " + CLibrary.MUSL_REMEDY));
        }
        if (!musl) {
            findings.addAll(locale(SystemLocale.hasEnUsUtf8()));
        }
        findings.add(processors(CpuQuota.current(), Runtime.getRuntime().availableProcessors()));
        return findings;
    }

    static List<Finding> locale(boolean hasEnUsUtf8) {
        if (hasEnUsUtf8) {
            return List.of();
        }
        return List.of(new Finding(
                Severity.WARNING,
                "locale-missing",
                "the locale en_US.UTF-8 is missing; models with the operator StringNormalizer do not load without it",
                "Run localedef -i en_US -f UTF-8 en_US.UTF-8, or apt-get install locales-all"));
    }

    static Finding processors(OptionalDouble quota, int processors) {
        String count = processors == 1 ? "1 processor" : processors + " processors";
        if (quota.isEmpty()) {
            return new Finding(Severity.INFO, "cpu-quota", "the JVM sees " + count + ", and no quota limits them", "");
        }
        String numbers =
                String.format(Locale.ROOT, "the CPU quota is %.2f, the JVM sees %s", quota.getAsDouble(), count);
        if (quota.getAsDouble() < 1) {
            return new Finding(
                    Severity.WARNING,
                    "cpu-quota",
                    numbers + ": each prediction will be stopped and started again by the system",
                    "Give the container 1 CPU or more, or no CPU limit");
        }
        return new Finding(Severity.INFO, "cpu-quota", numbers, "");
    }
}
