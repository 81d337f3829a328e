package io.modelward.registry.publish;

import io.modelward.core.card.Card;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.Manifest;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.Bump;
import io.modelward.core.version.SemVer;
import io.modelward.registry.Actor;
import io.modelward.registry.model.ModelNames;
import io.modelward.registry.model.ModelTexts;
import io.modelward.registry.version.Provenance;
import io.modelward.registry.version.RegisteredVersion;
import io.modelward.registry.webhook.Events;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Artifacts;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.Change;
import io.modelward.store.catalog.Models;
import io.modelward.store.catalog.Runs;
import io.modelward.store.catalog.VersionStates;
import io.modelward.store.catalog.Versions;
import io.modelward.store.failpoint.Failpoints;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a version of what a run or a logged model keeps here, of another version, or of a place elsewhere. It is the publishing of {@link Publisher} from another
 * side: the files are here already, and what was read before the transaction is looked at again within it. The folder they lie in is sealed.
 */
public final class Registrar {

    private static final String BUMP_TAG = "modelward.bump";
    private static final String VERSION_TAG = "modelward.version";

    private final Catalog catalog;
    private final BlobStore blobs;
    private final Inspector inspector;
    private final InstantSource clock;
    private final VersionWriter writer;

    public Registrar(
            Catalog catalog, BlobStore blobs, Inspector inspector, InstantSource clock, Failpoints failpoints) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.inspector = inspector;
        this.clock = clock;
        this.writer = new VersionWriter(failpoints);
    }

    /**
     * Registers.
     *
     * @throws ProblemException NOT_FOUND when there is no such model; INVALID when the source is none or belongs to something else; REFUSED when the
     *     number that was asked for is too low; CONFLICT when it is taken
     */
    public RegisteredVersion register(Registration asked, Actor actor) {
        ModelTexts.description(asked.description());
        asked.tags().forEach(ModelTexts::tag);
        PublishRequest.Number number = number(asked);
        record Found(Located located, JsonNode card, Optional<String> user) {}
        Found found = catalog.read(tx -> {
            ModelNames.require(tx, asked.model());
            Located located = new SourceFinder(tx, asked).find();
            Optional<String> user =
                    located.origin().run().flatMap(tx.runs()::find).map(Runs.Row::user);
            return new Found(located, card(tx, asked, located), user);
        });
        Change change = who(actor, found.user()).change(clock.instant(), "");
        Card card = Card.parse(found.card());
        Manifest manifest = found.located().origin().external()
                ? Manifest.reference(card.digest())
                : Manifest.of(found.located().files(), card.digest());
        Extras extras = Extras.read(blobs, manifest.files());
        // What a copy takes and gives is known already.
        Signature signature = found.located()
                .copied()
                .map(row -> Signature.fromJson(Json.parse(row.signature(), "signature")))
                .orElseGet(() -> extras.signature(card, asked.model(), manifest, inspector));
        Content content = new Content(
                card, manifest, signature, extras, Optional.of(found.located().origin()));
        PublishRequest request = new PublishRequest(number, found.card(), "", "");
        Versions.Row registered = catalog.write(tx -> {
            Models.Row model = ModelNames.require(tx, asked.model());
            if (!new SourceFinder(tx, asked).find().equals(found.located())) {
                throw ProblemException.conflict(
                        "What the source names was changed while it was registered. Register it again.");
            }
            Versions.Row row = writer.write(tx, model, content, request, change);
            keep(tx, asked, found.located(), row, change);
            Events.versionCreated(tx, row, change);
            return row;
        });
        // Looking at it is left to readers: there is one writer.
        return catalog.read(tx -> RegisteredVersion.of(tx, registered));
    }

    /** Clients that do not say who they are said it when they began the run; both are claims. */
    private static Actor who(Actor actor, Optional<String> user) {
        return actor.name().equals(Actor.ANONYMOUS)
                ? user.filter(name -> !name.isBlank()).map(Actor::claimed).orElse(actor)
                : actor;
    }

    private static void keep(
            CatalogTransaction tx, Registration asked, Located located, Versions.Row row, Change change) {
        long id = row.summary().id();
        asked.tags().forEach(tag -> tx.versionTags().set(id, tag));
        if (!asked.description().isEmpty()) {
            VersionStates.Row state = tx.versionStates().get(id);
            tx.versionStates()
                    .update(new VersionStates.Row(
                            id, asked.description(), state.stage(), change.at(), Optional.empty()));
        }
        located.folder()
                .ifPresent(folder -> tx.artifacts()
                        .seal(new Artifacts.Seal(
                                folder.value(),
                                row.summary().model() + " ordinal "
                                        + row.summary().ordinal(),
                                change.at())));
    }

    /** A copy keeps the card of what it is a copy of, but for the number. */
    private static JsonNode card(CatalogTransaction tx, Registration asked, Located located) {
        if (located.copied().isPresent()) {
            ObjectNode card = (ObjectNode) Json.parse(located.copied().get().card(), "card");
            card.remove("version");
            return card;
        }
        return RunCard.of(asked.description(), located.origin(), Provenance.run(tx, located.origin()));
    }

    private static PublishRequest.Number number(Registration asked) {
        Optional<String> version = asked.tag(VERSION_TAG);
        if (version.isPresent()) {
            return new PublishRequest.Number.Exact(SemVer.parse(version.get()));
        }
        return new PublishRequest.Number.Next(asked.tag(BUMP_TAG).map(Registrar::bump));
    }

    private static Bump bump(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "major" -> Bump.MAJOR;
            case "minor" -> Bump.MINOR;
            case "patch" -> Bump.PATCH;
            default ->
                throw ProblemException.invalid(
                        BUMP_TAG, BUMP_TAG + " is major, minor or patch, not " + Quoted.of(text) + ".");
        };
    }
}
