package dev.kitchen.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Directories of versions that no document names: what deploys left that were killed, and what people put there. */
final class Orphans {

    private final Artifacts artifacts;
    private final Staging staging;
    private final RegistryDocument document;

    Orphans(Artifacts artifacts, Staging staging, RegistryDocument document) {
        this.artifacts = artifacts;
        this.staging = staging;
        this.document = document;
    }

    /** Those of a model, in words; but for what somebody is publishing now. */
    List<String> of(String model) {
        List<String> problems = new ArrayList<>();
        try {
            List<Path> present = directories(artifacts.place(model, ".").normalize());
            // Read after the directories: what was published and registered meanwhile is no orphan.
            List<Announcement> living = staging.announcements(true);
            RegistrySnapshot now = document.refresh();
            for (Path directory : present) {
                String version = directory.getFileName().toString();
                boolean isBeingPublished = living.stream().anyMatch(it -> it.isOf(model, version));
                if (!isBeingPublished && !Artifacts.isUsed(directory, now)) {
                    problems.add(directory + ": is in no document, expected a registered version; the next deploy"
                            + " deletes it if a deploy that was killed left it there, otherwise it stays");
                }
            }
        } catch (IOException e) {
            problems.add("model '" + model + "': its directory cannot be looked at: " + e);
        }
        return problems;
    }

    private static List<Path> directories(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(it -> Files.isDirectory(it, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /**
     * Takes away what dead processes published and never registered. The caller has the registry's lock.
     *
     * @param keepModel whose version {@code keepVersion} is about to be deployed anyway, and stays
     */
    void bury(RegistrySnapshot now, String keepModel, String keepVersion) throws IOException {
        for (Announcement dead : staging.announcements(false)) {
            if (!dead.isOf(keepModel, keepVersion)) {
                bury(dead.model(), dead.version(), now);
            }
        }
    }

    /** Takes away a version's files that are published and not registered. The caller has the registry's lock. */
    void bury(String model, String version, RegistrySnapshot now) throws IOException {
        Path place = artifacts.place(model, version);
        if (!Files.isSymbolicLink(place.getParent()) && Artifacts.isVersion(place) && !Artifacts.isUsed(place, now)) {
            staging.bury(place);
        }
    }
}
