package dev.kitchen.onnx;

import java.nio.file.Path;

/** What is noticed on the way through a model, wherever in it that is. */
final class ScanFacts {

    private final ExternalData externalData;
    private boolean wideCharacters;

    ScanFacts(Path model) {
        this.externalData = new ExternalData(model);
    }

    ExternalData externalData() {
        return externalData;
    }

    /** Takes note of a text in a tensor or an attribute. */
    void addText(boolean hasWideCharacters) {
        wideCharacters |= hasWideCharacters;
    }

    boolean hasWideCharacters() {
        return wideCharacters;
    }
}
