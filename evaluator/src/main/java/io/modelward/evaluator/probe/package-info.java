/** Makes rows that prove an evaluation: into every leaf, at every edge, and beyond what a model takes. */
@org.jspecify.annotations.NullMarked
package io.modelward.evaluator.probe;
