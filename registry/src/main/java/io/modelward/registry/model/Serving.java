package io.modelward.registry.model;

import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.route.Arm;
import io.modelward.core.route.ArmRole;
import io.modelward.core.version.SemVer;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.List;
import java.util.Optional;

/** Keeps what answers an endpoint's callers from being deleted. */
final class Serving {

    private Serving() {}

    /**
     * Refuses to delete the active version of an endpoint. The version that a rollout moves an endpoint from is its
     * active version until the rollout ends.
     *
     * @param version empty: any version of the model
     * @throws ProblemException of kind CONFLICT that names the endpoints
     */
    static void requireNone(CatalogTransaction tx, RegisteredModel model, Optional<SemVer> version) {
        List<String> endpoints = tx.routes().current().stream()
                .filter(revision -> revision.arms().stream()
                        .anyMatch(arm -> arm.role() == ArmRole.ACTIVE && isOf(arm, model, version)))
                .map(revision -> revision.endpoint())
                .toList();
        if (endpoints.isEmpty()) {
            return;
        }
        String names = String.join(", ", endpoints);
        String what = version.map(number -> model.name() + "@" + number).orElse("A version of " + model.name());
        throw Problem.of(
                        ProblemType.CONFLICT,
                        what + " answers the callers of endpoint " + names
                                + ", so it cannot be deleted. Move the endpoint to another version first.")
                .with("endpoints", endpoints)
                .exception();
    }

    private static boolean isOf(Arm arm, RegisteredModel model, Optional<SemVer> version) {
        boolean same = arm.modelId().known()
                ? arm.modelId().equals(model.id())
                : arm.model().equals(model.name());
        return same && version.map(arm.version()::equals).orElse(true);
    }
}
