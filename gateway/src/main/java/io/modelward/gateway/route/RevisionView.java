package io.modelward.gateway.route;

import io.modelward.core.audit.Change;
import io.modelward.core.route.Arm;
import io.modelward.core.route.ArmRole;
import io.modelward.core.route.RouteRevision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A route revision as people see it.
 *
 * @param kept as it was made
 * @param arms under the names that their models have now
 */
public record RevisionView(RouteRevision kept, List<ArmView> arms) {

    /**
     * An arm as people see it.
     *
     * @param deletedAt when its version, or its model, was deleted; empty: it is there
     */
    public record ArmView(Arm arm, Optional<Instant> deletedAt) {}

    /** Its number. */
    public long revision() {
        return kept.revision();
    }

    public String cause() {
        return kept.cause();
    }

    public Change change() {
        return kept.change();
    }

    public ArmView active() {
        return arms.stream()
                .filter(view -> view.arm().role() == ArmRole.ACTIVE)
                .findFirst()
                .orElseThrow();
    }
}
