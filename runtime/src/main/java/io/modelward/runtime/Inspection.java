package io.modelward.runtime;

import io.modelward.core.signature.Signature;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * What a model says of itself when it is loaded.
 *
 * @param features how many values a row has
 * @param featureNames the columns it was trained with, in order; may be empty
 * @param output a JSON Schema of one prediction, by what it answered to a row of zeros
 */
public record Inspection(OptionalInt features, List<String> featureNames, Optional<JsonNode> output) {

    public Inspection {
        featureNames = List.copyOf(featureNames);
    }

    /** As a signature, made as from a client's own {@code .modelward/signature.json}. */
    public Signature signature() {
        return Signature.of(Optional.empty(), output, features, featureNames, Optional.empty());
    }
}
