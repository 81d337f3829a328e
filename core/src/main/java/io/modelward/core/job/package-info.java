/** Training jobs: what is run, when, and what came out of it. Values and rules. */
@org.jspecify.annotations.NullMarked
package io.modelward.core.job;
