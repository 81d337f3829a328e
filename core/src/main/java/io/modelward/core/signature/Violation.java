package io.modelward.core.signature;

/**
 * Why a schema does not accept a value.
 *
 * @param path where in the value
 * @param what the expectation and the kind of what is there, never the value itself; follows the path in a sentence
 */
public record Violation(String path, String what) {}
