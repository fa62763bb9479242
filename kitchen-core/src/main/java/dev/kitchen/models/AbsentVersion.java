package dev.kitchen.models;

import dev.kitchen.error.MessageText;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.serving.Lineup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Loads a version that a call asked for and that is not in memory, or says why it does not answer. */
final class AbsentVersion implements Lineup.Absence {

    private final ModelVersions model;
    private final Lazily lazily;

    /** How a version comes into memory that is asked for and should be there, but is not yet. */
    interface Lazily {

        /** Loads and publishes the model's versions, or throws; waits no longer than the call may. */
        void load(ModelVersions model, CallContext context);

        /** Whether a call tries again what did not load, once the pause after the failure is over. */
        boolean retries();
    }

    AbsentVersion(ModelVersions model, Lazily lazily) {
        this.model = model;
        this.lazily = lazily;
    }

    @Override
    public void resolve(String wanted, CallContext context) {
        ModelInfo now = model.info();
        String place = "endpoint '" + model.name() + "'";
        if (!now.active()) {
            throw new ModelNotFoundException(place + ": was deactivated, expected an active model");
        }
        Optional<String> version = wanted.isEmpty() ? now.currentVersion() : now.resolve(wanted);
        if (version.isEmpty()) {
            throw wanted.isEmpty()
                    ? new NotReadyException(place + ": no version is active, expected one to be activated")
                    : new ModelNotFoundException(place + ": has no version or alias '" + MessageText.of(wanted)
                            + "', expected one of " + MessageText.of(names(now)));
        }
        throwFailure(place, version.get());
        if (Residents.of(now).stream().noneMatch(it -> it.version().equals(version.get()))) {
            throw new NotReadyException(place + ": version '" + version.get() + "' is registered, but not loaded; "
                    + "its policy or an alias would keep it in memory");
        }
        lazily.load(model, context);
        if (!model.isInMemory(version.get())) {
            throwFailure(place, version.get());
            throw new NotReadyException(place + ": version '" + version.get() + "' is not loaded");
        }
    }

    private void throwFailure(String place, String version) {
        model.standingFailure(version).ifPresent(it -> {
            throw new NotReadyException(place + ": its model did not load: " + it.getMessage(), it);
        });
    }

    private static List<String> names(ModelInfo info) {
        List<String> names = new ArrayList<>(
                info.versions().stream().map(VersionInfo::version).toList());
        info.aliases().keySet().stream().sorted().forEach(names::add);
        return names;
    }
}
