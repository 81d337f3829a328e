package io.modelward.cli;

import io.modelward.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the rows to predict for, as the user gave them. */
final class PredictInput {

    private PredictInput() {}

    /**
     * The request's body.
     *
     * @param argument JSON, {@code @file}, or {@code -} for the standard input
     */
    static ObjectNode read(String argument, InputStream in) throws IOException {
        byte[] text;
        if (argument.equals("-")) {
            text = in.readAllBytes();
        } else if (argument.startsWith("@")) {
            text = Files.readAllBytes(Path.of(argument.substring(1)));
        } else {
            text = argument.getBytes(StandardCharsets.UTF_8);
        }
        JsonNode json = Json.parse(text, "rows");
        if (json.isArray()) {
            ObjectNode request = Json.object();
            request.set("instances", json);
            return request;
        }
        if (json instanceof ObjectNode request && json.path("instances").isArray()) {
            return request;
        }
        throw new Usage("Rows are a JSON array, such as [[5.1,3.5,1.4,0.2]], or an object with \"instances\".");
    }
}
