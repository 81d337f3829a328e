package io.modelward.store.catalog;

/** A parameter or a tag. */
public record Entry(String key, String value) {}
