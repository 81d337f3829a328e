package io.modelward.gateway.route;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.route.Arm;
import io.modelward.core.route.RouteRevision;
import io.modelward.core.version.EndpointName;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was live on an endpoint since it was created, as a person sees it who goes back: a rollback takes the version
 * away that it goes back from, so that a second rollback goes further back, and never forward.
 */
final class LiveHistory {

    /** The last of them. */
    private static final int MOST_NAMED = 10;

    /** The last revision in which a version was active, for each version that no rollback took away; the newest first. */
    private final Deque<RouteRevision> live = new ArrayDeque<>();
    /** All versions that were active, in the order in which they first were. */
    private final Set<String> served = new LinkedHashSet<>();

    private LiveHistory() {}

    static LiveHistory of(CatalogTransaction tx, EndpointName endpoint) {
        LiveHistory history = new LiveHistory();
        PresentNames names = new PresentNames(tx);
        for (RouteRevision revision : Revisions.sinceCreation(tx, endpoint.value())) {
            history.add(revision);
            Arm arm = names.of(revision.active());
            history.served.add(arm.model() + "@" + arm.version());
        }
        return history;
    }

    private void add(RouteRevision revision) {
        Arm active = revision.active();
        if (revision.cause().equals(Revisions.ROLLBACK) && live.stream().anyMatch(one -> isOf(one, active))) {
            while (!isOf(live.getFirst(), active)) {
                live.removeFirst();
            }
        }
        if (!live.isEmpty() && isOf(live.getFirst(), active)) {
            live.removeFirst();
        }
        live.addFirst(revision);
    }

    private static boolean isOf(RouteRevision revision, Arm active) {
        return revision.active().serves(active);
    }

    /**
     * The revision to go back to.
     *
     * @throws io.modelward.core.problem.ProblemException REFUSED when there is none, with the versions that served
     */
    RouteRevision before(EndpointName endpoint) {
        Iterator<RouteRevision> newestFirst = live.iterator();
        newestFirst.next();
        if (!newestFirst.hasNext()) {
            String words = served.size() == 1
                    ? "no other version served " + endpoint + " before"
                    : "every version that served " + endpoint + " before it was rolled back to it. These served: "
                            + served.stream()
                                    .skip(Math.max(0, served.size() - MOST_NAMED))
                                    .collect(Collectors.joining(", "))
                            + ". To go forward, flip to one of them";
            throw Problem.of(ProblemType.REFUSED, "There is nothing to roll back to: " + words + ".")
                    .exception();
        }
        return newestFirst.next();
    }
}
