package io.modelward.registry.publish;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.artifact.ArtifactSeal;
import io.modelward.core.audit.Change;
import io.modelward.core.card.Card;
import io.modelward.core.manifest.Manifest;
import io.modelward.core.memory.MemoryShare;
import io.modelward.core.memory.Reservation;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.published.VersionOrigin;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.Bump;
import io.modelward.core.version.SemVer;
import io.modelward.registry.Actor;
import io.modelward.registry.model.ModelTexts;
import io.modelward.registry.publish.Registration.ModelNote;
import io.modelward.registry.publish.Registration.RegistrationSource;
import io.modelward.registry.publish.SourceFinder.ResolvedSource;
import io.modelward.registry.publish.TrainingRuns.TrainingRun;
import io.modelward.registry.publish.VersionWriter.Content;
import io.modelward.registry.tracking.RunView;
import io.modelward.registry.version.Provenance;
import io.modelward.registry.version.VersionResolver;
import io.modelward.registry.version.VersionWithOrigin;
import io.modelward.registry.webhook.Events;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.failpoint.Failpoints;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a version of the files of a run or a logged model, of another version, or of a place elsewhere. A {@link
 * Publisher} takes new files; here the files are there already. So the source is read before the transaction and
 * checked again within it, and the folder of the files is sealed.
 */
public final class Registrar {

    private static final String BUMP_TAG = "modelward.bump";
    private static final String VERSION_TAG = "modelward.version";

    private final Access access;
    private final Catalog catalog;
    private final BlobStore blobs;
    private final Inspector inspector;
    private final MemoryShare memory;
    private final TrainingRuns trainings;
    private final InstantSource clock;
    private final VersionWriter writer;

    public Registrar(
            Access access,
            Catalog catalog,
            BlobStore blobs,
            Inspector inspector,
            InstantSource clock,
            Failpoints failpoints) {
        this(access, catalog, blobs, inspector, clock, failpoints, MemoryShare.unlimited(), TrainingRuns.NONE);
    }

    /**
     * As above, with all parts.
     *
     * @param memory for the documents beside a model while the model is registered
     * @param trainings knows which callers are runs of training jobs
     */
    public Registrar(
            Access access,
            Catalog catalog,
            BlobStore blobs,
            Inspector inspector,
            InstantSource clock,
            Failpoints failpoints,
            MemoryShare memory,
            TrainingRuns trainings) {
        this.access = access;
        this.memory = memory;
        this.trainings = trainings;
        this.catalog = catalog;
        this.blobs = blobs;
        this.inspector = inspector;
        this.clock = clock;
        this.writer = new VersionWriter(failpoints);
    }

    /**
     * Registers.
     *
     * @throws ProblemException NOT_FOUND when there is no such model; INVALID when the source is none or belongs to
     *     something else; REFUSED when the number that was asked for is too low; CONFLICT when it is taken
     */
    public VersionWithOrigin register(Registration asked, Actor actor) {
        access.requireToMake(Action.PUBLISH, new Resource.Model(asked.model()));
        try (Reservation held = memory.open("the documents of a version")) {
            return register(asked, actor, held);
        }
    }

    private VersionWithOrigin register(Registration asked, Actor actor, Reservation held) {
        ModelTexts.description(asked.description());
        asked.tags().forEach(ModelTexts::tag);
        PublishRequest.Number number = number(asked);
        requireSource(asked);
        record Found(ResolvedSource resolved, Optional<RunView> run) {}
        Optional<TrainingRun> training = Access.caller().flatMap(trainings::of);
        Found found = catalog.read(tx -> {
            training.ifPresent(run -> run.requireOwn(tx, asked.model()));
            VersionResolver.requireModel(tx, asked.model());
            ResolvedSource resolved = new SourceFinder(tx, asked).find();
            return new Found(resolved, Provenance.run(tx, resolved.origin()));
        });
        requireRun(found.resolved(), found.run());
        VersionOrigin origin = found.resolved().origin();
        Change change = who(actor, found.run()).change(clock.instant(), "");
        JsonNode sent = card(asked, found.resolved(), found.run());
        Card card = Card.parse(sent);
        Manifest manifest = origin.external()
                ? Manifest.reference(card.digest())
                : Manifest.of(found.resolved().files(), card.digest());
        MetadataFiles extras = MetadataFiles.read(blobs, manifest.files(), inspector.formats(), held);
        // What a copy takes and gives is known already.
        MetadataFiles.Found told = found.resolved()
                .copied()
                .map(copied -> new MetadataFiles.Found(copied.signature(), List.of()))
                .orElseGet(() -> extras.found(card, asked.model(), manifest, inspector));
        List<String> warnings = new ArrayList<>(told.warnings());
        if (!origin.external()) {
            warnings.addAll(extras.ages(asked.model(), manifest, inspector));
        }
        Content content = new Content(card, manifest, told.signature(), extras, warnings, Optional.of(origin));
        Optional<BaseVersion> base = BaseVersion.of(access, sent);
        PublishRequest request = new PublishRequest(number, sent, "", "");
        VersionWriter.Written written = catalog.write(tx -> {
            RegisteredModel model = VersionResolver.requireModel(tx, asked.model());
            if (!new SourceFinder(tx, asked).find().equals(found.resolved())) {
                throw ProblemException.conflict(
                        "What the source names was changed while it was registered. Register it again.");
            }
            VersionWriter.Written version =
                    writer.write(tx, model, content, asked.description(), request, training, change);
            base.ifPresent(one -> one.note(tx, version.row().summary()));
            keep(tx, asked, found.resolved(), version.row().summary(), change);
            Events.versionCreated(tx, version.row(), change);
            return version;
        });
        return catalog.read(tx -> VersionWithOrigin.of(tx, written.row()));
    }

    /**
     * Requires that the caller may read the source: a version shows what it was made of. The logged model that is named
     * gets a note of the version, wherever the source is.
     */
    private void requireSource(Registration asked) {
        asked.loggedModel().ifPresent(model -> access.require(Action.READ, new Resource.LoggedModel(model)));
        switch (asked.source()) {
            case RegistrationSource.Logged logged -> access.require(Action.READ, new Resource.LoggedModel(logged.id()));
            case RegistrationSource.Version version -> access.require(Action.READ, new Resource.Model(version.model()));
            case RegistrationSource.OfRun run -> access.require(Action.READ, new Resource.Run(run.run()));
            case RegistrationSource.Kept kept -> access.require(Action.READ, new Resource.Artifact(kept.path()));
            case RegistrationSource.Elsewhere _ -> {}
        }
    }

    /**
     * Requires that the caller may read the run, also one that only the call or a logged model names: the card, and
     * each look at the version, tells of it. What a copy tells, its source told already.
     */
    private void requireRun(ResolvedSource resolved, Optional<RunView> run) {
        if (resolved.copied().isEmpty()) {
            run.ifPresent(view ->
                    access.require(Action.READ, new Resource.Run(view.run().id())));
        }
    }

    /** A client that does not say who it is gave a name when it began the run; both names are claims. */
    private static Actor who(Actor actor, Optional<RunView> run) {
        return actor.name().equals(Actor.ANONYMOUS)
                ? run.map(view -> view.run().user())
                        .filter(name -> !name.isBlank())
                        .map(Actor::claimed)
                        .orElse(actor)
                : actor;
    }

    private static void keep(
            CatalogTransaction tx, Registration asked, ResolvedSource resolved, VersionSummary version, Change change) {
        resolved.copied()
                .ifPresent(source -> tx.retention()
                        .insertParent(version.id(), source.summary().id()));
        asked.tags().forEach(tag -> tx.versionTags().set(version.id(), tag));
        asked.loggedModel().ifPresent(model -> note(tx, asked.note(), model, version));
        resolved.folder()
                .ifPresent(folder -> tx.artifacts()
                        .seal(new ArtifactSeal(
                                folder, version.model() + " ordinal " + version.ordinal(), change.at())));
    }

    private static void note(CatalogTransaction tx, ModelNote note, String model, VersionSummary version) {
        List<KeyValue> tags = tx.loggedModels().tags(List.of(model)).getOrDefault(model, List.of());
        note.next(KeyValue.valueOf(tags, note.key()), version)
                .ifPresent(value -> tx.loggedModels().setTag(model, new KeyValue(note.key(), value)));
    }

    /** A copy keeps the card of what it is a copy of, but for the number. */
    private static JsonNode card(Registration asked, ResolvedSource resolved, Optional<RunView> run) {
        if (resolved.copied().isPresent()) {
            ObjectNode card = resolved.copied().get().card().deepCopy();
            card.remove("version");
            return card;
        }
        return RunCard.of(asked.description(), resolved.origin(), run);
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
