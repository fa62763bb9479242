package dev.kitchen.onnx.scan;

import java.nio.file.Path;

/** What is noticed on the way through a model, wherever in it that is. */
final class ScanFacts {

    private final ExternalData externalData;
    private final GraphBudget budget;
    private boolean wideCharacters;

    ScanFacts(Path model, ModelDirectories directories, ProtoReader reader) {
        this.externalData = new ExternalData(model, directories);
        this.budget = new GraphBudget(reader);
    }

    ExternalData externalData() {
        return externalData;
    }

    /** Bounds the memory that the parsed graph takes. */
    GraphBudget budget() {
        return budget;
    }

    /** Takes note of a text in a tensor or an attribute. */
    void addText(boolean hasWideCharacters) {
        wideCharacters |= hasWideCharacters;
    }

    boolean hasWideCharacters() {
        return wideCharacters;
    }
}
