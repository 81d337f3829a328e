package io.modelward.access.state;

import io.modelward.core.access.Place;
import io.modelward.core.access.Resource;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.prediction.DecisionRecord;
import io.modelward.core.prediction.PredictionId;
import io.modelward.core.tracking.Experiment;
import io.modelward.registry.retention.RecordsPurge;
import io.modelward.registry.version.VersionFiles;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.prediction.PredictionLog;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Places as the catalog has them; those of models and endpoints need no look into the catalog. */
public final class CatalogPlaces implements ResourcePlaces {

    private static final long FIRST_EXPERIMENT = 0;

    private final Catalog catalog;
    private final PredictionLog predictions;
    private final Function<String, List<String>> models;

    /** @param models of an endpoint: the names of the models that serve there now; answers from memory */
    public CatalogPlaces(Catalog catalog, PredictionLog predictions, Function<String, List<String>> models) {
        this.catalog = catalog;
        this.predictions = predictions;
        this.models = models;
    }

    @Override
    public Optional<Place> of(Resource resource) {
        return switch (resource) {
            case Resource.Model model -> Optional.of(Place.model(model.name().toString()));
            case Resource.Endpoint endpoint -> Optional.of(endpoint(endpoint.name()));
            case Resource.Registry _,
                    Resource.Webhooks _,
                    Resource.Notifications _,
                    Resource.AuditLog _,
                    Resource.PredictionRecords _ -> Optional.of(Place.SERVER);
            case Resource.Draft draft -> catalog.read(tx -> draft(tx, draft.id()));
            case Resource.Rollout rollout ->
                catalog.read(tx -> tx.rollouts().find(rollout.id()))
                        .map(found -> endpoint(found.rollout().endpoint()));
            case Resource.Prediction prediction -> prediction(prediction.id());
            case Resource.Experiment experiment -> catalog.read(tx -> experiment(tx, experiment.id()));
            case Resource.WithinExperiment experiment -> catalog.read(tx -> experiment(tx, experiment.id()));
            case Resource.NamedExperiment named -> catalog.read(tx -> named(tx, named.name()));
            case Resource.Run run -> catalog.read(tx -> run(tx, run.id()));
            case Resource.LoggedModel model -> catalog.read(tx -> loggedModel(tx, model.id()));
            case Resource.Artifact artifact -> catalog.read(tx -> artifact(tx, artifact.path()));
        };
    }

    private Place endpoint(String name) {
        return Place.endpoint(name, models.apply(name));
    }

    private static Optional<Place> draft(CatalogTransaction tx, String id) {
        return tx.drafts()
                .find(id)
                .flatMap(draft -> tx.models().find(draft.model()))
                .map(CatalogPlaces::model);
    }

    private static Place model(RegisteredModel model) {
        return Place.model(model.name().toString());
    }

    private Optional<Place> prediction(String id) {
        Optional<PredictionId> parsed = PredictionId.parse(id);
        if (parsed.isEmpty()) {
            return Optional.empty();
        }
        PredictionLog.Found found = predictions.find(parsed.get());
        // Of a record that was removed by rule nobody knows any more where it lay.
        if (found.damaged()
                || (found.record().isEmpty()
                        && RecordsPurge.removed(catalog, predictions, parsed.get())
                                .isPresent())) {
            return Optional.of(Place.SERVER);
        }
        return found.record()
                .map(record -> catalog.read(tx -> ofRecord(tx, record)).orElse(Place.SERVER));
    }

    /**
     * Where a record of a prediction lies: at its endpoint, with the models that served there at that time. Those that
     * serve there now are no reason to show what others answered before.
     */
    private static Optional<Place> ofRecord(CatalogTransaction tx, DecisionRecord record) {
        return tx.routes().endpointByNumber(record.endpoint()).map(endpoint -> {
            List<String> models = tx.routes().revision(endpoint.endpoint(), record.revision()).stream()
                    .flatMap(revision -> revision.arms().stream())
                    .map(arm -> tx.models()
                            .find(arm.modelId())
                            .map(RegisteredModel::name)
                            .orElse(arm.model())
                            .toString())
                    .distinct()
                    .toList();
            return Place.endpoint(endpoint.endpoint(), models);
        });
    }

    private static Optional<Place> experiment(CatalogTransaction tx, String id) {
        return id.matches("[0-9]{1,18}")
                ? tx.experiments().find(Long.parseLong(id)).map(found -> experiment(tx, found))
                : Optional.empty();
    }

    private static Place experiment(CatalogTransaction tx, Experiment experiment) {
        return Place.experiment(
                experiment.name(),
                experiment.id() == FIRST_EXPERIMENT
                        ? Optional.of(Place.COMMON)
                        : tx.access().maker("experiment:" + experiment.id()));
    }

    private static Optional<Place> named(CatalogTransaction tx, String name) {
        return tx.experiments().findByName(name).map(found -> experiment(tx, found));
    }

    private static Optional<Place> run(CatalogTransaction tx, String id) {
        return tx.runs().find(id).flatMap(run -> within(tx, run.experiment(), "run:" + run.id()));
    }

    private static Optional<Place> loggedModel(CatalogTransaction tx, String id) {
        return tx.loggedModels()
                .find(id)
                .flatMap(model -> within(tx, model.experiment(), "logged-model:" + model.id()));
    }

    private static Optional<Place> within(CatalogTransaction tx, long experiment, String thing) {
        return tx.experiments()
                .find(experiment)
                .map(found -> Place.experiment(
                        found.name(),
                        tx.access().maker(thing).or(() -> tx.access().maker("experiment:" + experiment))));
    }

    /** A path of an artifact begins with its experiment and its run, or names a version. All else is the server's. */
    private static Optional<Place> artifact(CatalogTransaction tx, ArtifactPath path) {
        String[] parts = path.value().split("/", 4);
        if (parts[0].equals(VersionFiles.FOLDER)) {
            OptionalLong version = VersionFiles.version(path);
            return version.isEmpty()
                    ? Optional.of(Place.SERVER)
                    : tx.versions()
                            .find(version.getAsLong())
                            .flatMap(found -> tx.models().find(found.summary().modelId()))
                            .map(CatalogPlaces::model);
        }
        Optional<Place> place = Optional.empty();
        if (parts.length >= 3 && parts[1].equals("models")) {
            place = loggedModel(tx, parts[2]);
        } else if (parts.length >= 2) {
            place = run(tx, parts[1]);
        } else {
            place = experiment(tx, parts[0]).filter(found -> !found.creator().equals(Optional.of(Place.COMMON)));
        }
        return place.or(() -> Optional.of(Place.SERVER));
    }
}
