package dev.kitchen.store;

import dev.kitchen.json.InferenceJson;
import dev.kitchen.json.JsonOptions;
import dev.kitchen.json.JsonTree;
import dev.kitchen.tensor.ModelSignature;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * What loading a version showed.
 *
 * @param backend who loads it
 * @param signature what it takes and returns
 */
public record LoadedAs(String backend, ModelSignature signature) {

    /** The signature as it stands in the document: as the protocol's tensor metadata. */
    JsonTree signatureTree() {
        ByteArrayOutputStream metadata = new ByteArrayOutputStream();
        InferenceJson.of(JsonOptions.defaults()).writeMetadata("", List.of(), backend, signature, metadata);
        return JsonTree.parse("signature", metadata.toByteArray(), DocumentFile.MAX_BYTES)
                .without("name")
                .without("versions")
                .without("platform");
    }
}
