package io.modelward.gateway.route;

import io.modelward.core.json.Json;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.Subject;
import io.modelward.core.route.Arm;
import io.modelward.core.route.Route;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.Models;
import io.modelward.store.catalog.Rollouts;
import io.modelward.store.catalog.Routes;
import io.modelward.store.catalog.Versions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says what is kept under the names of its time under the names that models have now, and what of it was deleted since. A deleted model has
 * the name that it had last. For one transaction; what was looked up once is not looked up again.
 */
public final class PresentNames {

    private record Version(ModelId model, String version) {}

    private final CatalogTransaction tx;
    private final Map<ModelId, Optional<Models.Row>> models = new HashMap<>();
    private final Map<Version, Optional<Instant>> deletions = new HashMap<>();

    public PresentNames(CatalogTransaction tx) {
        this.tx = tx;
    }

    /** @param then the name of that time; it counts when the model's identity is not known */
    public ModelName of(ModelId id, ModelName then) {
        return row(id).map(Models.Row::model).orElse(then);
    }

    private Optional<Models.Row> row(ModelId id) {
        return id.known() ? models.computeIfAbsent(id, one -> tx.models().find(one)) : Optional.empty();
    }

    public Arm of(Arm arm) {
        return arm.named(of(arm.id(), arm.model()));
    }

    public Rollout of(Rollout rollout) {
        Subject candidate = rollout.candidate();
        Subject active = rollout.active();
        return rollout.named(of(candidate.id(), candidate.model()), of(active.id(), active.model()));
    }

    public Rollouts.Row of(Rollouts.Row row) {
        return new Rollouts.Row(
                of(row.rollout()),
                row.number(),
                row.version(),
                row.attended(),
                row.idempotencyKey(),
                row.request(),
                row.updatedAt(),
                row.started());
    }

    /** The revision for reading: arms of deleted versions have one more member, {@code deleted_at}. */
    public Routes.RevisionRow of(Routes.RevisionRow row) {
        ArrayNode arms = Json.array();
        for (Arm arm : Route.arms(Json.parse(row.arms(), "arms"))) {
            ObjectNode json = of(arm).toJson();
            deletedAt(arm.id(), arm.version()).ifPresent(at -> json.put("deleted_at", at.toString()));
            arms.add(json);
        }
        return new Routes.RevisionRow(
                row.endpoint(),
                row.revision(),
                row.cause(),
                Json.write(arms),
                row.contract(),
                row.contractChanged(),
                row.rollout(),
                row.change());
    }

    /** When the version, or its model, was deleted; empty: it is there, or its model's identity is not known. */
    public Optional<Instant> deletedAt(ModelId model, SemVer version) {
        return model.known()
                ? deletions.computeIfAbsent(
                        new Version(model, version.toString()),
                        unused -> tx.versions()
                                .find(model, version)
                                .map(Versions.Row::summary)
                                .flatMap(Versions.Summary::deletedAt))
                : Optional.empty();
    }

    public Optional<Instant> deletedAt(Subject subject) {
        return deletedAt(subject.id(), subject.version());
    }
}
