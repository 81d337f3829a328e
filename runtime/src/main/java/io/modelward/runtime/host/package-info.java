/** Puts runtimes together: the parts that they share, their opening, and the choice of the runtime for a version. */
@org.jspecify.annotations.NullMarked
package io.modelward.runtime.host;
