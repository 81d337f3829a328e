package io.modelward.core.search;

import java.util.Optional;

/**
 * The dataset that a metric was measured on.
 *
 * @param digest empty: any dataset of this name
 */
public record DatasetScope(String name, Optional<String> digest) {}
