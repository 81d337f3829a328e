package io.modelward.runtime;

/**
 * A way to compute a version's predictions, such as a Python worker.
 *
 * @param number by which decision records keep it; never given to another kind
 * @param name by which people know it, such as {@code python-worker}
 */
public record RuntimeKind(byte number, String name) {}
