package dev.kitchen.registry;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that was done to a model.
 *
 * @param at when, by the clock of the process that did it
 * @param generation of the document afterwards
 * @param actor who: user, host and process
 * @param operation {@code deploy}, {@code reject}, {@code activate}, {@code deactivate}, {@code rollback}, {@code alias},
 *     {@code unalias}, {@code retire}, {@code delete}, {@code policy}
 * @param from the version before, where there was one
 * @param to the version afterwards, where there is one
 * @param reason in words; may be empty
 */
public record AuditEntry(
        Instant at,
        long generation,
        String actor,
        String model,
        String operation,
        Optional<String> from,
        Optional<String> to,
        String reason) {}
