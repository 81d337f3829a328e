package io.modelward.registry.publish;

import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionOrigin;
import io.modelward.core.tracking.LoggedModel;
import io.modelward.core.tracking.Run;
import io.modelward.registry.publish.Registration.RegistrationSource;
import io.modelward.registry.version.VersionFiles;
import io.modelward.registry.version.VersionResolver;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.List;
import java.util.Optional;

/**
 * Finds the source that a registration names. The source must belong to the run or logged model that the registration
 * names: nobody registers files of another run without saying so.
 */
final class SourceFinder {

    private final CatalogTransaction tx;
    private final Registration asked;

    SourceFinder(CatalogTransaction tx, Registration asked) {
        this.tx = tx;
        this.asked = asked;
    }

    /** @throws ProblemException of kind INVALID when the source belongs to something else, or is no source */
    ResolvedSource find() {
        return switch (asked.source()) {
            case RegistrationSource.Logged logged -> logged(logged.id());
            case RegistrationSource.Version version -> version(version);
            case RegistrationSource.OfRun run -> run(run);
            case RegistrationSource.Kept kept -> kept(kept.path());
            case RegistrationSource.Elsewhere _ -> {
                asked.loggedModel().ifPresent(this::requireModel);
                yield ResolvedSource.elsewhere(external(asked.text()));
            }
        };
    }

    private ResolvedSource logged(String id) {
        if (!asked.loggedModel().equals(Optional.of(id))) {
            throw notOwned("model_id");
        }
        LoggedModel model = requireModel(id);
        Optional<String> run = Optional.of(model.sourceRun()).filter(text -> !text.isEmpty());
        if (run.isPresent() && asked.run().isPresent() && !run.equals(asked.run())) {
            throw notOwned("run_id");
        }
        return at(model.artifactUri(), ArtifactPath.ROOT, run.or(asked::run), Optional.of(id));
    }

    private ResolvedSource run(RegistrationSource.OfRun source) {
        if (!asked.run().equals(Optional.of(source.run()))) {
            throw notOwned("run_id");
        }
        Optional<Run> run = tx.runs().find(source.run());
        asked.loggedModel().ifPresent(this::requireModel);
        if (run.isEmpty()) {
            return ResolvedSource.elsewhere(external(asked.text()));
        }
        ResolvedSource own = at(run.get().artifactUri(), source.path(), asked.run(), asked.loggedModel());
        // Newer clients keep a run's models beside the run.
        ResolvedSource found = own.origin().external()
                ? tx.loggedModels()
                        .ofRun(source.run(), source.path().value())
                        .map(model -> at(model.artifactUri(), ArtifactPath.ROOT, asked.run(), Optional.of(model.id())))
                        .orElse(own)
                : own;
        // Clients resolve such a source themselves, so it is what they are told.
        return found.from(asked.text());
    }

    private ResolvedSource kept(ArtifactPath path) {
        Optional<String> ofRun = asked.run().flatMap(tx.runs()::find).map(Run::artifactUri);
        Optional<String> ofModel =
                asked.loggedModel().map(id -> requireModel(id).artifactUri());
        boolean owned = List.of(ofRun, ofModel).stream()
                .flatMap(Optional::stream)
                .flatMap(uri -> ArtifactPath.ofUri(uri).stream())
                .anyMatch(root -> path.equals(root) || path.value().startsWith(root.value() + "/"));
        if (!owned) {
            throw notOwned(asked.loggedModel().isPresent() ? "model_id" : "run_id");
        }
        return folder(path, asked.text(), asked.run(), asked.loggedModel());
    }

    private ResolvedSource version(RegistrationSource.Version source) {
        RegisteredModel model = tx.models()
                .find(source.model())
                .orElseThrow(() -> ProblemException.invalid(
                        "source",
                        "There is no model " + Quoted.plain(source.model().name()) + " to copy from."));
        PublishedVersion row;
        try {
            row = VersionResolver.resolve(tx, model, source.selector());
        } catch (ProblemException missing) {
            throw ProblemException.invalid("source", missing.problem().detail());
        }
        Optional<VersionOrigin> from = tx.versionOrigins().find(row.summary().id());
        Optional<String> run = from.flatMap(VersionOrigin::run);
        Optional<String> logged = from.flatMap(VersionOrigin::loggedModel);
        if (asked.run().isPresent() && !asked.run().equals(run)) {
            throw notOwned("run_id");
        } else if (asked.loggedModel().isPresent() && !asked.loggedModel().equals(logged)) {
            throw notOwned("model_id");
        }
        List<FileEntry> files = row.manifest().files();
        return new ResolvedSource(
                new VersionOrigin(
                        "models:/" + model.name().name() + "/" + row.summary().ordinal(),
                        from.map(VersionOrigin::location).orElseGet(() -> VersionFiles.location(row.summary())),
                        run,
                        logged,
                        asked.runLink(),
                        files.isEmpty()),
                Optional.empty(),
                Optional.of(row),
                files);
    }

    /** The files below a path of a run or model; they may be elsewhere. */
    private ResolvedSource at(String uri, ArtifactPath path, Optional<String> run, Optional<String> model) {
        String location = path.value().isEmpty() ? uri : uri + "/" + path.value();
        return ArtifactPath.ofUri(uri)
                .map(root -> folder(path.within(root), location, run, model))
                .orElseGet(() -> ResolvedSource.elsewhere(
                        new VersionOrigin(asked.text(), location, run, model, asked.runLink(), true)));
    }

    private ResolvedSource folder(ArtifactPath folder, String location, Optional<String> run, Optional<String> model) {
        List<FileEntry> files = tx.artifacts().below(folder).stream()
                .map(file -> new FileEntry(
                        new FilePath(
                                file.path().value().substring(folder.value().length() + 1)),
                        file.size(),
                        file.sha256()))
                .toList();
        VersionOrigin origin = new VersionOrigin(asked.text(), location, run, model, asked.runLink(), files.isEmpty());
        return files.isEmpty()
                ? ResolvedSource.elsewhere(origin)
                : new ResolvedSource(origin, Optional.of(folder), Optional.empty(), files);
    }

    private VersionOrigin external(String location) {
        return new VersionOrigin(asked.text(), location, asked.run(), asked.loggedModel(), asked.runLink(), true);
    }

    private LoggedModel requireModel(String id) {
        return tx.loggedModels()
                .find(id)
                .filter(LoggedModel::active)
                .orElseThrow(() ->
                        ProblemException.invalid("model_id", "There is no logged model " + Quoted.plain(id) + "."));
    }

    private static ProblemException notOwned(String field) {
        return ProblemException.invalid(
                field,
                "The " + field
                        + " must identify the resource that contains the source. Name the run or logged model"
                        + " that the files lie under.");
    }

    /**
     * A source with what lies there.
     *
     * @param folder the folder that the files lie in, to be sealed
     * @param copied the version that has the files already
     * @param files by path below the folder; none when the bytes are elsewhere
     */
    record ResolvedSource(
            VersionOrigin origin,
            Optional<ArtifactPath> folder,
            Optional<PublishedVersion> copied,
            List<FileEntry> files) {

        /** The same source, whose files clients fetch from another location. */
        ResolvedSource from(String location) {
            return new ResolvedSource(origin.withLocation(location), folder, copied, files);
        }

        static ResolvedSource elsewhere(VersionOrigin origin) {
            return new ResolvedSource(origin, Optional.empty(), Optional.empty(), List.of());
        }
    }
}
