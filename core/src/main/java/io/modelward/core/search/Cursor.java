package io.modelward.core.search;

import java.util.List;

/**
 * Where a page of a search ended, so that the next one begins after it whatever was changed in between.
 *
 * @param phase which part of the order: values first, then those that are no numbers, then absent ones
 * @param values of the last item, in the order of the search's columns: each a String, a Long or a Double
 */
public record Cursor(int phase, List<Object> values) {}
