/** Runs commands kept apart from the machine. */
@org.jspecify.annotations.NullMarked
package io.modelward.runtime.sandbox;
