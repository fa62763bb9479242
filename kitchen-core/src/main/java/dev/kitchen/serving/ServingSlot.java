package dev.kitchen.serving;

import dev.kitchen.error.InferenceException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.session.ValueCheck;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.ValueSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the versions that answer an endpoint's calls stand. A swap is one write; a call sees one lineup throughout, and
 * whoever left it is freed after its last call.
 */
public final class ServingSlot {

    private final String model;
    private volatile Lineup lineup;

    public ServingSlot(String model, Lineup first) {
        this.model = model;
        this.lineup = first;
    }

    /** The model's name. */
    public String model() {
        return model;
    }

    /** Where this is, as the beginning of a message. */
    public String place() {
        ServedVersion current = lineup.current();
        return current == null ? "endpoint '" + model + "'" : current.place();
    }

    /**
     * The version that answers now.
     *
     * @throws dev.kitchen.error.KitchenException if none does, with the reason
     */
    public ServedVersion current() {
        return peek(Lineup.CURRENT);
    }

    /** The version that answers as things are now; null where none is in memory that does. */
    public @Nullable ServedVersion candidate(String version) {
        return lineup.find(version);
    }

    /** All versions that can answer now. */
    public List<ServedVersion> all() {
        return List.copyOf(lineup.all());
    }

    /**
     * A version as it is now: to look at, not to run. Waits for it as long as it takes to load.
     *
     * @param version as for {@link #acquire}
     * @throws dev.kitchen.error.KitchenException if it does not answer, with the reason
     */
    public ServedVersion peek(String version) {
        while (true) {
            Lineup seen = lineup;
            ServedVersion found = seen.find(version);
            if (found != null) {
                return found;
            }
            seen.absence().resolve(version, new CallContext(0, CallContext.NO_DEADLINE));
        }
    }

    /**
     * A version, kept from being freed until it is {@linkplain ServedVersion#release released}.
     *
     * @param version a version, an alias, or {@link Lineup#CURRENT}
     * @throws dev.kitchen.error.KitchenException if it does not answer, with the reason
     */
    public ServedVersion acquire(String version, CallContext context) {
        while (true) {
            Lineup seen = lineup;
            ServedVersion found = seen.find(version);
            if (found == null) {
                seen.absence().resolve(version, context);
            } else if (found.tryAcquire()) {
                return found;
            } else if (isStill(seen)) {
                throw new NotReadyException(found.place() + ": is closed");
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // a lineup is itself
    private boolean isStill(Lineup seen) {
        return seen == lineup;
    }

    /**
     * Throws unless a version could have given these outputs. Where it is not in memory there is nothing to go by.
     *
     * @param version as for {@link #acquire}
     * @throws InferenceException naming the first output that is unknown, or of the wrong type or shape
     */
    public void requireOutputs(String version, NamedValues outputs) {
        ServedVersion model = lineup.find(version);
        if (model == null) {
            return;
        }
        for (int i = 0; i < outputs.size(); i++) {
            String output = model.place() + ": output '" + outputs.name(i) + "'";
            ValueSpec spec = model.signature()
                    .output(outputs.name(i))
                    .orElseThrow(() -> new InferenceException(output + " is unknown"));
            if (!ValueCheck.fits(spec, outputs.value(i))) {
                throw new InferenceException(output + " " + ValueCheck.difference(spec, outputs.value(i)));
            }
        }
    }

    /** Puts other versions into service and takes those out of it that are not among them. Calls under way go on. */
    public void publish(Lineup next) {
        Lineup previous = lineup;
        lineup = next;
        for (ServedVersion model : previous.all()) {
            if (!next.has(model)) {
                model.retire();
            }
        }
    }
}
