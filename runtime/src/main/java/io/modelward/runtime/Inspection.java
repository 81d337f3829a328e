package io.modelward.runtime;

import io.modelward.core.signature.Signature;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * The facts that a model tells when it is loaded.
 *
 * @param input a JSON Schema of one row, where the model says more than how many values a row has
 * @param features how many values a row has
 * @param featureNames the columns it was trained with, in order; may be empty
 * @param output a JSON Schema of one prediction, made from the answer to a row of zeros
 */
public record Inspection(
        Optional<JsonNode> input, OptionalInt features, List<String> featureNames, Optional<JsonNode> output) {

    public Inspection {
        featureNames = List.copyOf(featureNames);
    }

    /** As a signature, made as from a client's own {@code .modelward/signature.json}. */
    public Signature signature() {
        return Signature.of(input, output, features, featureNames, Optional.empty());
    }
}
