package io.modelward.gateway.route;

import io.modelward.core.model.RegisteredModel;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.route.Arm;
import io.modelward.core.route.RouteRevision;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.core.version.VersionRef;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Says what is kept under the names of its time under the names that models have now, and what of it was deleted since.
 * A deleted model has the name that it had last. For one transaction; what was looked up once is not looked up again.
 */
public final class PresentNames {

    private record Version(ModelId model, String version) {}

    private final CatalogTransaction tx;
    private final Map<ModelId, Optional<RegisteredModel>> models = new HashMap<>();
    private final Map<Version, Optional<Instant>> deletions = new HashMap<>();

    public PresentNames(CatalogTransaction tx) {
        this.tx = tx;
    }

    /** @param then the name of that time; it counts when the model's identity is not known */
    public ModelName of(ModelId id, ModelName then) {
        return row(id).map(RegisteredModel::name).orElse(then);
    }

    private Optional<RegisteredModel> row(ModelId id) {
        return id.known() ? models.computeIfAbsent(id, one -> tx.models().find(one)) : Optional.empty();
    }

    public Arm of(Arm arm) {
        return arm.named(of(arm.modelId(), arm.model()));
    }

    public Rollout of(Rollout rollout) {
        VersionRef candidate = rollout.candidate();
        VersionRef active = rollout.active();
        return rollout.named(of(candidate.modelId(), candidate.model()), of(active.modelId(), active.model()));
    }

    public RolloutRecord of(RolloutRecord record) {
        return record.with(of(record.rollout()));
    }

    public RevisionView of(RouteRevision revision) {
        return new RevisionView(
                revision,
                revision.arms().stream()
                        .map(arm -> new RevisionView.ArmView(of(arm), deletedAt(arm.ref())))
                        .toList());
    }

    /** When the version, or its model, was deleted; empty: it is there, or its model's identity is not known. */
    public Optional<Instant> deletedAt(ModelId model, SemVer version) {
        return model.known()
                ? deletions.computeIfAbsent(
                        new Version(model, version.toString()),
                        _ -> tx.versions()
                                .find(model, version)
                                .map(PublishedVersion::summary)
                                .flatMap(VersionSummary::deletedAt))
                : Optional.empty();
    }

    public Optional<Instant> deletedAt(VersionRef ref) {
        return deletedAt(ref.modelId(), ref.version());
    }
}
