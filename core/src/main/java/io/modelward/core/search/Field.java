package io.modelward.core.search;

import java.util.List;

/**
 * What a clause or an order looks at.
 *
 * @param key of a metric, parameter or tag: as it was logged; of an attribute or dataset: its name in the vocabulary
 * @param datasets of a logged model's metric: only what was measured on one of these; none: on whatever
 */
public record Field(Kind kind, String key, List<DatasetScope> datasets) {

    public Field(Kind kind, String key) {
        this(kind, key, List.of());
    }

    /** Where the value is kept. */
    public enum Kind {
        ATTRIBUTE,
        METRIC,
        PARAM,
        TAG,
        DATASET
    }

    /** The same, measured on one of these datasets. Other kinds of values know no datasets. */
    public Field on(List<DatasetScope> scopes) {
        return kind == Kind.METRIC ? new Field(kind, key, scopes) : this;
    }
}
