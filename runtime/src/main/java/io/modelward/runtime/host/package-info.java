/** Puts runtimes together: what they share, how they are opened, and which of them runs a version. */
@org.jspecify.annotations.NullMarked
package io.modelward.runtime.host;
