package io.modelward.core.tracking;

import java.util.OptionalLong;

/**
 * A model that a run logged, before and after it becomes a version. Times are milliseconds.
 *
 * @param id {@code m-} and 32 hex digits
 * @param experiment the id of the model's experiment
 * @param type what the maker calls the model; empty: not said
 * @param sourceRun the run that logged the model; empty: none
 * @param deletedAt when the model, or its experiment, was deleted; empty: the model is active
 */
public record LoggedModel(
        String id,
        long experiment,
        String name,
        String type,
        String sourceRun,
        LoggedModelStatus status,
        String statusMessage,
        String artifactUri,
        long createdAt,
        long updatedAt,
        OptionalLong deletedAt) {

    public boolean active() {
        return deletedAt.isEmpty();
    }

    public LoggedModel withStatus(LoggedModelStatus newStatus) {
        return new LoggedModel(
                id,
                experiment,
                name,
                type,
                sourceRun,
                newStatus,
                statusMessage,
                artifactUri,
                createdAt,
                updatedAt,
                deletedAt);
    }

    public LoggedModel withUpdatedAt(long at) {
        return new LoggedModel(
                id, experiment, name, type, sourceRun, status, statusMessage, artifactUri, createdAt, at, deletedAt);
    }

    public LoggedModel withDeletedAt(OptionalLong at) {
        return new LoggedModel(
                id, experiment, name, type, sourceRun, status, statusMessage, artifactUri, createdAt, updatedAt, at);
    }
}
