package io.modelward.core.signature;

/**
 * One difference between two signatures.
 *
 * @param path where, for example {@code output_schema.properties.prediction.enum}
 * @param what was there and is there now, for example {@code was a number, is an integer}
 */
public record Finding(ChangeImpact verdict, String path, String what) {}
