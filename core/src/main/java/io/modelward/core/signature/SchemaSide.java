package io.modelward.core.signature;

import java.util.Locale;

/** Which side of a model a schema describes. */
public enum SchemaSide {
    INPUT,
    OUTPUT;

    /** The field of the card that holds the schema. */
    public String field() {
        return name().toLowerCase(Locale.ROOT) + "_schema";
    }
}
