package dev.kitchen.onnx.natives;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** How much processor time the container may use, in CPUs, from Linux control groups of version 1 or 2. */
final class CpuQuota {

    private CpuQuota() {}

    /** Empty where there is no limit, or no control group. */
    static OptionalDouble current() {
        return of(Path.of("/sys/fs/cgroup"), Path.of("/proc/self/cgroup"));
    }

    /** The tightest limit of the process's group and the groups above it, which bind it too. */
    static OptionalDouble of(Path root, Path membership) {
        List<Double> limits = new ArrayList<>();
        for (String line : lines(membership)) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && fields[1].isEmpty()) {
                collect(limits, root, fields[2]);
            } else if (fields.length == 3 && List.of(fields[1].split(",")).contains("cpu")) {
                collect(limits, root.resolve("cpu"), fields[2]);
                collect(limits, root.resolve(fields[1]), fields[2]);
            }
        }
        return limits.stream().mapToDouble(Double::doubleValue).min();
    }

    /** In a container the path may be the host's, and lead nowhere: then the root is the container's own group. */
    private static void collect(List<Double> limits, Path root, String group) {
        Path own = root.resolve(group.replaceFirst("^/+", "")).normalize();
        for (Path path = own.startsWith(root) ? own : root;
                path != null && path.startsWith(root);
                path = path.getParent()) {
            unified(path).ifPresent(limits::add);
            legacy(path).ifPresent(limits::add);
        }
    }

    private static OptionalDouble unified(Path directory) {
        List<String> lines = lines(directory.resolve("cpu.max"));
        String[] fields = lines.isEmpty() ? new String[0] : lines.get(0).strip().split("\\s+");
        return fields.length == 2 ? limit(fields[0], fields[1]) : OptionalDouble.empty();
    }

    private static OptionalDouble legacy(Path directory) {
        List<String> quota = lines(directory.resolve("cpu.cfs_quota_us"));
        List<String> period = lines(directory.resolve("cpu.cfs_period_us"));
        return quota.isEmpty() || period.isEmpty()
                ? OptionalDouble.empty()
                : limit(quota.get(0).strip(), period.get(0).strip());
    }

    private static OptionalDouble limit(String quota, String period) {
        try {
            long quotaMicros = Long.parseLong(quota);
            long periodMicros = Long.parseLong(period);
            return quotaMicros > 0 && periodMicros > 0
                    ? OptionalDouble.of((double) quotaMicros / periodMicros)
                    : OptionalDouble.empty();
        } catch (NumberFormatException unlimited) {
            return OptionalDouble.empty();
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException | InvalidPathException e) {
            return List.of();
        }
    }
}
