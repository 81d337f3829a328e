package io.modelward.core.tracking;

import java.util.OptionalLong;

/**
 * A run, without what it logged. Times are milliseconds.
 *
 * @param id 32 hex digits
 * @param experiment the id of the run's experiment
 * @param deletedAt when the run, or its experiment, was deleted; empty: the run is active
 */
public record Run(
        String id,
        long experiment,
        String name,
        String user,
        RunStatus status,
        long startTime,
        OptionalLong endTime,
        String artifactUri,
        OptionalLong deletedAt) {

    public boolean active() {
        return deletedAt.isEmpty();
    }

    public Run withName(String newName) {
        return new Run(id, experiment, newName, user, status, startTime, endTime, artifactUri, deletedAt);
    }

    public Run withStatus(RunStatus newStatus, OptionalLong end) {
        return new Run(id, experiment, name, user, newStatus, startTime, end, artifactUri, deletedAt);
    }

    public Run withDeletedAt(OptionalLong at) {
        return new Run(id, experiment, name, user, status, startTime, endTime, artifactUri, at);
    }
}
