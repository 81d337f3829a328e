/** Runs the commands of training jobs. */
@org.jspecify.annotations.NullMarked
package io.modelward.runtime.job;
