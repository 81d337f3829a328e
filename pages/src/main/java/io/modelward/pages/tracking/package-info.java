/** The pages of tracking: experiments, runs, their comparison and their files. */
@org.jspecify.annotations.NullMarked
package io.modelward.pages.tracking;
