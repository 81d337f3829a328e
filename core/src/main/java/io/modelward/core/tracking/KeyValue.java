package io.modelward.core.tracking;

import java.util.List;
import java.util.Optional;

/** A parameter or a tag: of an experiment, a run, a logged model, a dataset, a registered model or a version. */
public record KeyValue(String key, String value) {

    /** The value that a list has for a key. */
    public static Optional<String> valueOf(List<KeyValue> list, String key) {
        return list.stream()
                .filter(entry -> entry.key().equals(key))
                .map(KeyValue::value)
                .findFirst();
    }
}
