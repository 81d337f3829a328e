package io.modelward.core.prediction;

/**
 * The place of a decision record.
 *
 * @param segment the number of its file
 * @param slot the number of its slot in the file
 */
public record RecordPlace(int segment, int slot) {}
