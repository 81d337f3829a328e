package io.modelward.store.catalog;

import io.modelward.core.route.Endpoint;
import io.modelward.core.route.RouteRevision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Endpoints and their route revisions. Revisions are inserted and read, never changed. */
public interface Routes {

    List<Endpoint> endpoints();

    Optional<Endpoint> endpoint(String endpoint);

    Optional<Endpoint> endpointByNumber(int number);

    /** The current revision of every endpoint, in the order of their names. */
    List<RouteRevision> current();

    /** Creates the endpoint with revision 0, before its first revision is inserted. */
    Endpoint insertEndpoint(String endpoint, Instant createdAt);

    /** Inserts the next revision and makes it current. Its number must be the current one plus one. */
    void insertRevision(RouteRevision revision);

    Optional<RouteRevision> revision(String endpoint, long revision);

    /** Revisions below {@code before}, newest first, at most {@code limit}. */
    List<RouteRevision> revisions(String endpoint, long before, int limit);

    /** All revisions, oldest first. */
    List<RouteRevision> allRevisions(String endpoint);
}
