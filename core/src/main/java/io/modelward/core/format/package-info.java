/** What kind of model a version is. */
@org.jspecify.annotations.NullMarked
package io.modelward.core.format;
