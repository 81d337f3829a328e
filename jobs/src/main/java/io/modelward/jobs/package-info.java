/** Training jobs: made, scheduled, run and told of. */
@org.jspecify.annotations.NullMarked
package io.modelward.jobs;
