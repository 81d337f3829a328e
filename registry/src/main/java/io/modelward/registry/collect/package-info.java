/** Frees what nothing refers to any more. */
@NullMarked
package io.modelward.registry.collect;

import org.jspecify.annotations.NullMarked;
