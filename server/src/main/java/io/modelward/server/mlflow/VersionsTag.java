package io.modelward.server.mlflow;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.published.VersionSummary;
import io.modelward.registry.publish.Registration.ModelNote;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The tag in which MLflow keeps, on a logged model, the versions that were made of it:
 * {@code [{"name": "iris", "version": 1}]}.
 */
final class VersionsTag implements ModelNote {

    static final String KEY = "mlflow.modelVersions";

    /** Clients may have written anything there; a tag that is longer stays as it is. */
    private static final int LONGEST = 1 << 20;

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public Optional<String> next(Optional<String> present, VersionSummary version) {
        StringBuilder list = new StringBuilder();
        try {
            JsonNode before = Json.parse(present.orElse("[]"), KEY);
            if (!before.isArray()) {
                return Optional.empty();
            }
            before.forEach(one -> list.append(list.isEmpty() ? "" : ", ").append(spaced(one)));
        } catch (ProblemException malformed) {
            return Optional.empty();
        }
        list.append(list.isEmpty() ? "" : ", ")
                .append("{\"name\": ")
                .append(text(version.model().name()));
        list.append(", \"version\": ").append(version.ordinal()).append("}");
        return Optional.of("[" + list + "]").filter(text -> text.length() <= LONGEST);
    }

    /** As Python writes it, since clients compare the text. */
    private static String spaced(JsonNode one) {
        JsonNode name = one.path("name");
        JsonNode version = one.path("version");
        return one.size() == 2 && name.isString() && version.isValueNode()
                ? "{\"name\": " + text(name.stringValue()) + ", \"version\": " + version + "}"
                : Json.write(one);
    }

    private static String text(String value) {
        String array = Json.write(Json.array().add(value));
        return array.substring(1, array.length() - 1);
    }
}
