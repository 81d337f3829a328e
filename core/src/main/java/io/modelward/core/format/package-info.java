/** Formats: the kinds of model that a version can be, and their detector. */
@org.jspecify.annotations.NullMarked
package io.modelward.core.format;
