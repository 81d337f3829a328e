/** What models of every runtime need while they serve. */
@org.jspecify.annotations.NullMarked
package io.modelward.runtime.serving;
