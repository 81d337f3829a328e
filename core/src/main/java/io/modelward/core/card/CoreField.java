package io.modelward.core.card;

import com.google.errorprone.annotations.Immutable;
import io.modelward.core.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields that every card should have, in the order in which they are shown. A dotted name is a member of an object.
 * An absent field and {@code null} are the same: not known.
 */
enum CoreField {
    NAME("name", FieldTypes::string),
    VERSION("version", FieldTypes::version),
    DESCRIPTION("description", FieldTypes::string),
    CREATED_AT("created_at", FieldTypes::time),
    UPDATED_AT("updated_at", FieldTypes::time),
    AUTHOR("author", FieldTypes::string),
    FRAMEWORK("framework", FieldTypes::string),
    ALGORITHM("algorithm", FieldTypes::string),
    HYPERPARAMETERS("hyperparameters", FieldTypes::object),
    SOURCE("training_data.source", FieldTypes::string),
    SAMPLES("training_data.samples", FieldTypes::count),
    FEATURES("training_data.features", FieldTypes::count),
    DATE_COLLECTED("training_data.date_collected", FieldTypes::string),
    PERFORMANCE("performance", FieldTypes::metrics),
    INPUT_SCHEMA("input_schema", FieldTypes::schema),
    OUTPUT_SCHEMA("output_schema", FieldTypes::schema),
    LIMITATIONS("limitations", FieldTypes::strings);

    static final String TRAINING_DATA = "training_data";

    private final String path;
    private final Check check;

    CoreField(String path, Check check) {
        this.path = path;
        this.check = check;
    }

    /** Reports what is wrong with a value, each time with the field's own name. */
    @Immutable
    interface Check {
        void check(JsonNode value, String path, BiConsumer<String, String> report);
    }

    String path() {
        return path;
    }

    void check(JsonNode card, BiConsumer<String, String> report) {
        find(card).ifPresent(value -> check.check(value, path, report));
    }

    Optional<JsonNode> find(JsonNode card) {
        JsonNode node = card;
        for (String key : keys()) {
            node = node.path(key);
        }
        return Optional.of(node).filter(CoreField::says);
    }

    /** What is known of this field: under its own name, or in the object around it. */
    Optional<JsonNode> lookUp(Map<String, JsonNode> known) {
        List<String> keys = keys();
        Optional<JsonNode> own = Optional.ofNullable(known.get(path));
        Optional<JsonNode> inside = keys.size() == 2
                ? Optional.ofNullable(known.get(TRAINING_DATA)).map(data -> data.path(keys.getLast()))
                : Optional.empty();
        return own.filter(CoreField::says).or(() -> inside.filter(CoreField::says));
    }

    private static boolean says(JsonNode value) {
        return !value.isMissingNode() && !value.isNull();
    }

    /** Puts a value where this field belongs, with the object around it if need be. */
    void fill(ObjectNode card, JsonNode value) {
        List<String> keys = keys();
        ObjectNode holder = card;
        if (keys.size() == 2) {
            holder = card.path(TRAINING_DATA) instanceof ObjectNode data ? data : Json.object();
            card.set(TRAINING_DATA, holder);
        }
        holder.set(keys.getLast(), value);
    }

    private List<String> keys() {
        return List.of(path.split("\\."));
    }
}
