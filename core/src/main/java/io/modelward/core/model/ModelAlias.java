package io.modelward.core.model;

/**
 * An alias that is there, and where the alias points.
 *
 * @param ordinal of the version that the alias points to
 */
public record ModelAlias(String alias, long ordinal) {}
