package io.modelward.registry.publish;

import io.modelward.core.card.Card;
import io.modelward.core.card.Completed;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.Manifest;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.registry.Actor;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.Change;
import io.modelward.store.catalog.Drafts;
import io.modelward.store.catalog.Versions;
import io.modelward.store.failpoint.Failpoints;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Turns a draft into a version. Everything that can be refused is looked at first; then one transaction takes the number, writes the
 * version, its files and the audit entry. The draft's blobs are durable by then, so what is visible is whole.
 */
public final class Publisher {

    private final Catalog catalog;
    private final BlobStore blobs;
    private final InstantSource clock;
    private final Failpoints failpoints;
    private final Inspector inspector;

    public Publisher(Catalog catalog, BlobStore blobs, InstantSource clock, Failpoints failpoints) {
        this(catalog, blobs, clock, failpoints, Inspector.NONE);
    }

    public Publisher(
            Catalog catalog, BlobStore blobs, InstantSource clock, Failpoints failpoints, Inspector inspector) {
        this.inspector = inspector;
        this.catalog = catalog;
        this.blobs = blobs;
        this.clock = clock;
        this.failpoints = failpoints;
    }

    /**
     * A version that is published.
     *
     * @param created whether this call made it; else it was there with the same bytes and card
     */
    public record Published(Versions.Row row, boolean created) {}

    /**
     * Publishes.
     *
     * @throws ProblemException CONFLICT when the number is taken by other content; REFUSED when card, files, signature or number break
     *     a rule
     */
    public Published publish(String draftId, PublishRequest request, Actor actor) {
        Change change = actor.change(clock.instant(), request.reason());
        DraftService.DraftView draft = catalog.read(tx -> new DraftService.DraftView(
                DraftService.require(tx, draftId, change.at()), tx.drafts().files(draftId)));
        ModelName model = draft.row().model();
        if (draft.row().published().isPresent()) {
            return catalog.read(tx -> new Published(
                    tx.versions()
                            .findByOrdinal(model, draft.row().published().getAsLong())
                            .orElseThrow(),
                    false));
        }
        Card card = Card.parse(request.card());
        Manifest manifest = Manifest.of(draft.files(), card.digest());
        Extras extras = Extras.read(blobs, manifest.files());
        Signature told = extras.signature(card);
        Signature signature = extras.worthInspecting(told)
                ? inspector.inspect(model, manifest).orElse(told)
                : told;
        return catalog.write(tx -> {
            Drafts.Row open = DraftService.requireOpen(tx, draftId, change.at());
            if (!tx.drafts().files(draftId).equals(draft.files())) {
                throw ProblemException.conflict(
                        "A file of the draft was changed while it was published. Publish again.");
            }
            return commit(tx, open, new Sealed(model, card, manifest, signature, extras), request, change);
        });
    }

    /** Content that will not change any more. */
    private record Sealed(ModelName model, Card card, Manifest manifest, Signature signature, Extras extras) {}

    private Published commit(
            CatalogTransaction tx, Drafts.Row draft, Sealed content, PublishRequest request, Change change) {
        ModelName model = content.model();
        Optional<Versions.Row> same =
                tx.versions().findByDigest(model, content.manifest().digest());
        if (same.isPresent()
                && asksFor(request, content.card(), same.get().summary().version())) {
            tx.drafts().markPublished(draft.id(), same.get().summary().ordinal());
            return new Published(same.get(), false);
        }
        List<SemVer> taken = tx.versions().numbers(model);
        VersionRule rule = new VersionRule(tx, model, taken, content.signature(), request);
        SemVer version = rule.choose(content.card());
        content.card().requireVersion(version);
        taken.stream()
                .filter(other -> other.compareTo(version) == 0)
                .findFirst()
                .ifPresent(other -> refuseTaken(tx, model, other));
        VersionRule.Verdict verdict = rule.judge(version);
        long ordinal = tx.models().takeOrdinal(model);
        Versions.Row row = row(content, version, ordinal, verdict, change);
        tx.versions().insert(row, content.manifest().files());
        tx.drafts().markPublished(draft.id(), ordinal);
        failpoints.pass("publish.before-audit");
        tx.audit()
                .append(
                        change,
                        "publish",
                        model.toString(),
                        Json.write(Json.object()
                                .put("version", version.toString())
                                .put("ordinal", ordinal)
                                .put("digest", row.summary().digest().toString())
                                .put("least_bump", row.leastBump())
                                .put("override_reason", request.overrideReason())));
        return new Published(row, true);
    }

    /** Whether publishing these bytes again would mean the version they are already published as. */
    private static boolean asksFor(PublishRequest request, Card card, SemVer published) {
        return switch (request.number()) {
            case PublishRequest.Number.Exact exact -> exact.version().compareTo(published) == 0;
            case PublishRequest.Number.Next _ -> true;
            case PublishRequest.Number.OfCard _ ->
                card.version().map(version -> version.compareTo(published) == 0).orElse(true);
        };
    }

    private static void refuseTaken(CatalogTransaction tx, ModelName model, SemVer version) {
        Versions.Summary current =
                tx.versions().find(model, version).orElseThrow().summary();
        throw Problem.of(
                        ProblemType.CONFLICT,
                        model + "@" + version + " is published already, with other content ("
                                + current.digest().shortForm()
                                + "). A version is never overwritten: publish under another number.")
                .with(
                        "current",
                        new TreeMap<>(Map.of(
                                "version", version.toString(),
                                "ordinal", current.ordinal(),
                                "digest", current.digest().toString(),
                                "published_at", current.published().at().toString(),
                                "actor", current.published().actor())))
                .exception();
    }

    private static Versions.Row row(
            Sealed content, SemVer version, long ordinal, VersionRule.Verdict verdict, Change change) {
        Completed card =
                content.card().complete(content.extras().known(content.model(), version, content.signature(), change));
        long size =
                content.manifest().files().stream().mapToLong(FileEntry::size).sum();
        return new Versions.Row(
                new Versions.Summary(
                        content.model(),
                        version,
                        ordinal,
                        content.manifest().digest(),
                        size,
                        change,
                        Json.write(card.shown())),
                new String(content.manifest().bytes(), StandardCharsets.UTF_8),
                Json.write(content.card().asSent()),
                Json.write(Extras.strings(card.missing())),
                Json.write(content.signature().toJson()),
                verdict.least().label(),
                Json.write(Extras.strings(verdict.warnings())));
    }
}
