package dev.kitchen.models;

import dev.kitchen.error.KitchenException;
import dev.kitchen.proof.SignatureChange;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.serving.ServedVersion;
import dev.kitchen.serving.ServingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is not as it should be with the models of a kitchen, in words. Safe for use by many threads. */
final class ModelProblems {

    private final ServingContext context;
    private volatile Optional<KitchenException> readFailure = Optional.empty();
    private volatile Set<String> vanished = Set.of();
    private volatile Map<String, List<String>> missingFiles = Map.of();

    ModelProblems(ServingContext context) {
        this.context = context;
    }

    /** How the last look at the models went. */
    void read(Optional<KitchenException> failure) {
        readFailure = failure;
    }

    void vanished(Set<String> known, Set<String> present) {
        Set<String> gone = new TreeSet<>(known);
        gone.removeAll(present);
        vanished = gone;
    }

    /** Looks whether the files are still there that versions in memory were loaded from. */
    void lookAtFiles(List<ModelVersions> models) {
        Map<String, List<String>> missing = new TreeMap<>();
        for (ModelVersions model : models) {
            List<String> problems = new ArrayList<>();
            model.files().forEach((version, files) -> missing(version, files).ifPresent(problems::add));
            missing.put(model.name(), problems);
        }
        missingFiles = missing;
    }

    private static Optional<String> missing(VersionInfo version, VersionFiles files) {
        List<String> missing = files.missingIn(VersionFiles.of(version.path()));
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("version '" + version.version() + "': files " + missing
                        + " are gone; it answers from memory and cannot be loaded again");
    }

    /** What nobody proved of a plain file: that callers notice nothing of it. */
    static Optional<String> brokenCallers(ServedVersion before, ServedVersion after) {
        SignatureChange change = SignatureChange.between(before.signature(), after.signature());
        return change.isCompatible()
                ? Optional.empty()
                : Optional.of("the signature of version '" + after.version() + "' breaks callers of version '"
                        + before.version() + "': " + String.join("; ", change.problems()));
    }

    List<String> of(List<ModelVersions> models, boolean watched) {
        List<String> problems = new ArrayList<>();
        readFailure.ifPresent(it -> problems.add("registry: " + it.getMessage()));
        if (models.isEmpty()) {
            problems.add("there are no models, expected some; they are found once they are there");
        }
        vanished.forEach(it -> problems.add(place(it) + "is no longer there, what was loaded serves on"));
        models.forEach(it -> of(it, watched, problems));
        return problems;
    }

    private void of(ModelVersions model, boolean watched, List<String> problems) {
        String place = place(model.name());
        ModelInfo info = model.info();
        long now = context.ticker().nanoTime();
        model.failures()
                .forEach((version, it) -> problems.add(
                        place + "version '" + version.version() + "' did not load: " + it.words(now, watched)));
        missingFiles.getOrDefault(model.name(), List.of()).forEach(it -> problems.add(place + it));
        model.override()
                .ifPresent(it -> problems.add(place + "rolled back to version '" + it.to()
                        + "' in this process only, as the registry cannot be written"));
        model.brokenCallers().ifPresent(it -> problems.add(place + it));
        if (info.active()
                && info.currentVersion().isEmpty()
                && info.versions().stream().anyMatch(Residents::isLoadable)) {
            problems.add(place + "none of its versions is current, expected one to be activated of "
                    + info.versions().stream().map(VersionInfo::version).toList());
        }
    }

    private static String place(String model) {
        return "model '" + model + "': ";
    }
}
