/** Tells people what happened: a line of the log for each change that a person would want to know of. */
@org.jspecify.annotations.NullMarked
package io.modelward.registry.journal;
