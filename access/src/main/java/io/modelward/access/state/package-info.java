/** What is known of tokens, grants and subjects in memory, and the decisions that follow. */
@org.jspecify.annotations.NullMarked
package io.modelward.access.state;
