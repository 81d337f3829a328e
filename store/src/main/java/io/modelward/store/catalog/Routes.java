package io.modelward.store.catalog;

import io.modelward.core.route.Endpoint;
import io.modelward.core.route.EndpointDeletion;
import io.modelward.core.route.RouteRevision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Endpoints and their route revisions. Revisions are inserted and read, never changed. */
public interface Routes {

    /** The endpoints that are there, in the order of their names. */
    List<Endpoint> endpoints();

    /** An endpoint that is there. */
    Optional<Endpoint> endpoint(String endpoint);

    /** An endpoint that is there or was deleted. */
    Optional<Endpoint> known(String endpoint);

    /** The endpoint of a number, a deleted one too. */
    Optional<Endpoint> endpointByNumber(int number);

    /** Deletes the endpoint, whose revisions are kept. The revision must be the current one. */
    void delete(EndpointDeletion deletion);

    /** Every deletion of an endpoint, oldest first. */
    List<EndpointDeletion> deletions(String endpoint);

    /** The current revision of every endpoint that is there, in the order of their names. */
    List<RouteRevision> current();

    /** Creates the endpoint with revision 0, before its first revision is inserted. */
    Endpoint insertEndpoint(String endpoint, Instant createdAt);

    /**
     * Inserts the next revision and makes it current; a deleted endpoint is there again then. Its number must be the
     * current one plus one.
     */
    void insertRevision(RouteRevision revision);

    Optional<RouteRevision> revision(String endpoint, long revision);

    /** Revisions below {@code before}, newest first, at most {@code limit}. */
    List<RouteRevision> revisions(String endpoint, long before, int limit);

    /** The number of the last revision of each endpoint, a deleted one too, by the number of the endpoint. */
    Map<Integer, Long> lastRevisions();

    /** All revisions, oldest first. */
    List<RouteRevision> allRevisions(String endpoint);
}
