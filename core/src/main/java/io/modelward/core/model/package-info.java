/** Registered models and their aliases. */
@org.jspecify.annotations.NullMarked
package io.modelward.core.model;
