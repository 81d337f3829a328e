package io.modelward.core.signature;

import tools.jackson.databind.JsonNode;

/** One value of an {@code enum}; equal to another by what JSON Schema calls equal, where {@code 1} is {@code 1.0}. */
public record Member(JsonNode value) {

    @Override
    public boolean equals(Object other) {
        return other instanceof Member(JsonNode that) && Values.same(value, that);
    }

    @Override
    public int hashCode() {
        return Values.hash(value);
    }
}
