/**
 * The door for MLflow's clients: its addresses, its JSON and its errors. What they mean is decided in
 * {@code registry.tracking}.
 */
@org.jspecify.annotations.NullMarked
package io.modelward.server.mlflow;
