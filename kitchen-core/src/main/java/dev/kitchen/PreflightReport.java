package dev.kitchen;

import dev.kitchen.spi.Finding;
import dev.kitchen.spi.Finding.Severity;
import java.util.List;
import java.util.stream.Collectors;

/** What {@link Kitchen#preflight} found: as data, and as text by {@link #toString}. */
public record PreflightReport(List<Finding> findings) {

    public PreflightReport {
        findings = List.copyOf(findings);
    }

    /** Whether nothing keeps models from running here. */
    public boolean isReady() {
        return findings.stream().noneMatch(it -> it.severity() == Severity.ERROR);
    }

    /** One line per finding. */
    @Override
    public String toString() {
        return findings.stream().map(Finding::toString).collect(Collectors.joining(System.lineSeparator()));
    }
}
