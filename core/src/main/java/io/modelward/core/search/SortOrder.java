package io.modelward.core.search;

/** One term of an order. Values that are not numbers, and then absent ones, come last in either direction. */
public record SortOrder(Field field, boolean ascending) {}
