package io.modelward.registry.publish;

import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.ModelName;
import java.util.List;
import java.util.Optional;

/**
 * A version to make of what lies somewhere already.
 *
 * @param text the source as the caller wrote it, and as callers are shown it
 * @param source what the text names
 * @param run the run that the source belongs to
 * @param loggedModel the logged model that the source belongs to
 * @param tags {@code modelward.bump} and {@code modelward.version} among them choose the number
 * @param note what the logged model keeps of the version
 */
public record Registration(
        ModelName model,
        String text,
        RegistrationSource source,
        Optional<String> run,
        Optional<String> loggedModel,
        Optional<String> runLink,
        String description,
        List<KeyValue> tags,
        ModelNote note) {

    Optional<String> tag(String key) {
        return tags.stream()
                .filter(tag -> tag.key().equals(key))
                .map(KeyValue::value)
                .findFirst();
    }
}
