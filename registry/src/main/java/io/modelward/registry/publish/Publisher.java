package io.modelward.registry.publish;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.card.Card;
import io.modelward.core.draft.Draft;
import io.modelward.core.manifest.Manifest;
import io.modelward.core.memory.MemoryShare;
import io.modelward.core.memory.Reservation;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.version.SemVer;
import io.modelward.registry.Actor;
import io.modelward.registry.publish.TrainingRuns.TrainingRun;
import io.modelward.registry.publish.VersionWriter.Content;
import io.modelward.registry.webhook.Events;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.failpoint.Failpoints;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns a draft into a version. Everything that may be refused is checked first; then one transaction takes the number,
 * writes the version, its files and the audit entry. The draft's blobs are durable by then, so what is visible is
 * whole.
 */
public final class Publisher {

    private final Access access;
    private final Catalog catalog;
    private final BlobStore blobs;
    private final InstantSource clock;
    private final VersionWriter writer;
    private final Inspector inspector;
    private final MemoryShare memory;
    private final TrainingRuns trainings;

    public Publisher(Access access, Catalog catalog, BlobStore blobs, InstantSource clock, Failpoints failpoints) {
        this(access, catalog, blobs, clock, failpoints, Inspector.NONE, MemoryShare.unlimited(), TrainingRuns.NONE);
    }

    /**
     * As above, with all parts.
     *
     * @param memory for the documents beside a model while the model is published
     * @param trainings knows which callers are runs of training jobs
     */
    public Publisher(
            Access access,
            Catalog catalog,
            BlobStore blobs,
            InstantSource clock,
            Failpoints failpoints,
            Inspector inspector,
            MemoryShare memory,
            TrainingRuns trainings) {
        this.access = access;
        this.inspector = inspector;
        this.memory = memory;
        this.trainings = trainings;
        this.catalog = catalog;
        this.blobs = blobs;
        this.clock = clock;
        this.writer = new VersionWriter(failpoints);
    }

    /**
     * A version that is published.
     *
     * @param created whether this call made it; else it was there with the same bytes and card
     */
    public record Published(PublishedVersion version, boolean created) {}

    /**
     * Publishes.
     *
     * @throws ProblemException CONFLICT when the number is taken by other content; REFUSED when card, files, signature
     *     or number break a rule
     */
    public Published publish(String draftId, PublishRequest request, Actor actor) {
        access.require(Action.PUBLISH, new Resource.Draft(draftId));
        try (Reservation held = memory.open("the documents of a version")) {
            return publish(draftId, request, actor, held);
        }
    }

    private Published publish(String draftId, PublishRequest request, Actor actor, Reservation held) {
        Change change = actor.change(clock.instant(), request.reason());
        DraftService.DraftView draft =
                catalog.read(tx -> DraftService.view(tx, DraftService.require(tx, draftId, change.at())));
        if (draft.draft().published().isPresent()) {
            return catalog.read(tx -> new Published(
                    tx.versions()
                            .findByOrdinal(
                                    draft.draft().model(),
                                    draft.draft().published().getAsLong())
                            .orElseThrow(),
                    false));
        }
        Card card = Card.parse(request.card());
        Manifest manifest = Manifest.of(draft.files(), card.digest());
        MetadataFiles extras = MetadataFiles.read(blobs, manifest.files(), inspector.formats(), held);
        MetadataFiles.Found found = extras.found(card, draft.model(), manifest, inspector);
        Optional<BaseVersion> base = BaseVersion.of(access, request.card());
        List<String> warnings = new ArrayList<>(found.warnings());
        warnings.addAll(extras.ages(draft.model(), manifest, inspector));
        // Transactions have threads of their own, which know no caller.
        Optional<TrainingRun> training = Access.caller().flatMap(trainings::of);
        return catalog.write(tx -> {
            Draft open = DraftService.requireOpen(tx, draftId, change.at());
            if (!tx.drafts().files(draftId).equals(draft.files())) {
                throw ProblemException.conflict(
                        "A file of the draft was changed while it was published. Publish again.");
            }
            Content content = new Content(card, manifest, found.signature(), extras, warnings, Optional.empty());
            return commit(tx, open, content, new Asked(request, training, base), change);
        });
    }

    /**
     * What is asked for, the run of a training job that asks, and the version that the content is based on.
     */
    private record Asked(PublishRequest request, Optional<TrainingRun> training, Optional<BaseVersion> base) {}

    private Published commit(CatalogTransaction tx, Draft draft, Content content, Asked asked, Change change) {
        RegisteredModel model = DraftService.requireModel(tx, draft);
        Optional<PublishedVersion> same =
                tx.versions().findByDigest(model.id(), content.manifest().digest());
        if (same.isPresent()
                && asksFor(asked.request(), content.card(), same.get().summary().version())) {
            tx.drafts().markPublished(draft.id(), same.get().summary().ordinal());
            asked.training().ifPresent(run -> run.found(tx, same.get()));
            return new Published(same.get(), false);
        }
        PublishedVersion row = writer.write(tx, model, content, "", asked.request(), asked.training(), change)
                .row();
        asked.base().ifPresent(one -> one.note(tx, row.summary()));
        tx.drafts().markPublished(draft.id(), row.summary().ordinal());
        Events.versionCreated(tx, row, change);
        return new Published(row, true);
    }

    /** Whether the request asks for the version that these bytes are published as already. */
    private static boolean asksFor(PublishRequest request, Card card, SemVer published) {
        return switch (request.number()) {
            case PublishRequest.Number.Exact exact -> exact.version().compareTo(published) == 0;
            case PublishRequest.Number.Next _ -> true;
            case PublishRequest.Number.OfCard _ ->
                card.version().map(version -> version.compareTo(published) == 0).orElse(true);
        };
    }
}
