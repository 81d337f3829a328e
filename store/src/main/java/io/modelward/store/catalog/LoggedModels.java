package io.modelward.store.catalog;

import java.util.Optional;
import java.util.OptionalLong;

/** Models that runs logged. Times are milliseconds. */
public interface LoggedModels {

    record Row(
            String id,
            long experiment,
            String name,
            String type,
            String sourceRun,
            String status,
            String statusMessage,
            String artifactUri,
            long createdAt,
            long updatedAt,
            OptionalLong deletedAt) {

        public boolean active() {
            return deletedAt.isEmpty();
        }
    }

    Optional<Row> find(String id);

    /** The newest model of this name that a run logged and that is not deleted. */
    Optional<Row> ofRun(String run, String name);
}
