/** What MLflow's tracking keeps: experiments, runs, what runs log, and logged models. */
@org.jspecify.annotations.NullMarked
package io.modelward.core.tracking;
