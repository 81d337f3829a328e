/** Who asks, for what, and who decides. */
@org.jspecify.annotations.NullMarked
package io.modelward.core.access;
