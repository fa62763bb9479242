package dev.kitchen.store;

import dev.kitchen.json.JsonTree;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The names of the document's members, and how its moments are written. */
final class RegistryFormat {

    static final String SCHEMA = "$schema";

    /** What this version of Kitchen writes. 1 is the simple form, which says no number. */
    static final long SCHEMA_VERSION = 2;

    /** What the names of members begin with that are not models. */
    static final String RESERVED = "$";

    static final String ACTIVE = "active";
    static final String CURRENT = "current_version";
    static final String PREVIOUS = "previous_versions";
    static final String ALIASES = "aliases";
    static final String POLICY = "policy";
    static final String VERSIONS = "versions";

    static final String PATH = "path";
    static final String STATUS = "status";
    static final String REASON = "reason";
    static final String CREATED_AT = "created_at";
    static final String METRICS = "performance_metrics";
    static final String LINEAGE = "lineage";
    static final String TAGS = "tags";
    static final String BACKEND = "backend";
    static final String SHA256 = "sha256";
    static final String SIZE = "size_bytes";
    static final String SIGNATURE = "signature";

    private static final double FIRST_MILLIS = 1e11;

    private static final List<Function<String, Instant>> MOMENTS = List.of(
            Instant::parse,
            it -> OffsetDateTime.parse(it).toInstant(),
            it -> LocalDateTime.parse(it.replace(' ', 'T')).toInstant(ZoneOffset.UTC),
            it -> LocalDate.parse(it).atStartOfDay().toInstant(ZoneOffset.UTC));

    private RegistryFormat() {}

    /** ISO 8601, in UTC where no zone is said, or seconds or milliseconds since 1970; empty for anything else. */
    static Optional<Instant> moment(JsonTree tree) {
        return tree.asDouble()
                .map(it -> Instant.ofEpochMilli((long) (Math.abs(it) < FIRST_MILLIS ? it * 1000 : it)))
                .or(() -> tree.asText().flatMap(RegistryFormat::moment));
    }

    private static Optional<Instant> moment(String text) {
        for (Function<String, Instant> form : MOMENTS) {
            Optional<Instant> moment = moment(form, text);
            if (moment.isPresent()) {
                return moment;
            }
        }
        return Optional.empty();
    }

    private static Optional<Instant> moment(Function<String, Instant> form, String text) {
        try {
            return Optional.of(form.apply(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
