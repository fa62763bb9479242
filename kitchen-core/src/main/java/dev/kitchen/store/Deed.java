package dev.kitchen.store;

import dev.kitchen.registry.AuditEntry;
import java.time.Instant;
import java.util.Optional;

/** What an operation does to a model, before it is known when and in which generation. */
record Deed(String model, String operation, Optional<String> from, Optional<String> to, String reason) {

    AuditEntry at(Instant moment, long generation, String actor) {
        return new AuditEntry(moment, generation, actor, model, operation, from, to, reason);
    }
}
