/** Which versions are kept: rules, holds, what they delete, and what becomes of the bytes. */
@NullMarked
package io.modelward.registry.retention;

import org.jspecify.annotations.NullMarked;
