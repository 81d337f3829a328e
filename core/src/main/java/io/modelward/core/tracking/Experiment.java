package io.modelward.core.tracking;

import java.util.OptionalLong;

/**
 * An experiment: what runs are grouped by. Times are milliseconds.
 *
 * @param id 0, 1, 2 … without a gap; 0 is always there
 * @param artifactLocation where the files of its runs are
 * @param deletedAt when the experiment was deleted; empty: the experiment is active
 */
public record Experiment(
        long id, String name, String artifactLocation, long createdAt, long updatedAt, OptionalLong deletedAt) {

    public boolean active() {
        return deletedAt.isEmpty();
    }

    public Experiment withName(String newName) {
        return new Experiment(id, newName, artifactLocation, createdAt, updatedAt, deletedAt);
    }

    public Experiment withUpdatedAt(long at) {
        return new Experiment(id, name, artifactLocation, createdAt, at, deletedAt);
    }

    public Experiment withDeletedAt(OptionalLong at) {
        return new Experiment(id, name, artifactLocation, createdAt, updatedAt, at);
    }
}
