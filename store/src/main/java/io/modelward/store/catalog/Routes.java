package io.modelward.store.catalog;

import io.modelward.core.audit.Change;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Endpoints and their route revisions. Revisions are inserted and read, never changed. */
public interface Routes {

    /**
     * An endpoint.
     *
     * @param number a small positive number, never reused, that stands for the endpoint in decision records
     * @param revision the current route revision
     */
    record EndpointRow(String endpoint, int number, long revision, Instant createdAt) {}

    /**
     * A route revision.
     *
     * @param cause what made it: create, flip, rollback, …
     * @param arms JSON array of arms
     * @param contract JSON of the signature that callers rely on
     * @param rollout the rollout that made it, and in which of its steps; empty: a plain move
     */
    record RevisionRow(
            String endpoint,
            long revision,
            String cause,
            String arms,
            String contract,
            boolean contractChanged,
            Optional<InRollout> rollout,
            Change change) {}

    /**
     * Where a rollout was.
     *
     * @param step index of its step, from 0
     */
    record InRollout(String rollout, int step) {}

    List<EndpointRow> endpoints();

    Optional<EndpointRow> endpoint(String endpoint);

    Optional<EndpointRow> endpointByNumber(int number);

    /** The current revision of every endpoint, in the order of their names. */
    List<RevisionRow> current();

    /** Creates the endpoint with revision 0, before its first revision is inserted. */
    EndpointRow insertEndpoint(String endpoint, Instant createdAt);

    /** Inserts the next revision and makes it current. Its number must be the current one plus one. */
    void insertRevision(RevisionRow row);

    Optional<RevisionRow> revision(String endpoint, long revision);

    /** Revisions below {@code before}, newest first, at most {@code limit}. */
    List<RevisionRow> revisions(String endpoint, long before, int limit);

    /** All revisions, oldest first. */
    List<RevisionRow> allRevisions(String endpoint);
}
