package io.modelward.core.tracking;

/**
 * How far the upload of a logged model's files is. The names are kept in the catalog; MLflow's have
 * {@code LOGGED_MODEL_} before them.
 */
public enum LoggedModelStatus {
    PENDING,
    READY,
    UPLOAD_FAILED
}
