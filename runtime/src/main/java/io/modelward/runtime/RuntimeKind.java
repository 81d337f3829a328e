package io.modelward.runtime;

/**
 * What computes a version's predictions.
 *
 * @param number by which decision records keep it; never given to another kind
 * @param name by which people know it, such as {@code python-worker}
 */
public record RuntimeKind(byte number, String name) {}
