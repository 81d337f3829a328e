/** Reads the members of a JSON object that people write. */
@org.jspecify.annotations.NullMarked
package io.modelward.core.fields;
