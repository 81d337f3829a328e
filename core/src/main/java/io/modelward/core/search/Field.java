package io.modelward.core.search;

/**
 * What a clause or an order looks at.
 *
 * @param key of a metric, parameter or tag: as it was logged; of an attribute or dataset: its name in the vocabulary
 */
public record Field(Kind kind, String key) {

    /** Where the value is kept. */
    public enum Kind {
        ATTRIBUTE,
        METRIC,
        PARAM,
        TAG,
        DATASET
    }
}
