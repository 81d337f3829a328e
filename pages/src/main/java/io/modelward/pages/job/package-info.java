/** Pages of training jobs and their runs. */
@org.jspecify.annotations.NullMarked
package io.modelward.pages.job;
