package io.modelward.registry.model;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.model.AliasMove;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.Stage;
import io.modelward.core.search.Found;
import io.modelward.core.search.Order;
import io.modelward.core.search.Vocabulary;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.registry.Page;
import io.modelward.registry.tracking.Query;
import io.modelward.registry.version.RegisteredVersion;
import io.modelward.registry.version.VersionResolver;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.List;
import java.util.Optional;

/** Finds models and versions in the ways that MLflow's clients ask for them. */
public final class ModelDirectory {

    private static final List<Order> MODELS_BY_NAME = List.of(Query.by("name", true));
    private static final List<Order> NEWEST_VERSIONS_FIRST = List.of(
            Query.by("last_updated_timestamp", false), Query.by("name", true), Query.by("version_number", false));
    private static final List<Order> VERSIONS_BY_NAME =
            List.of(Query.by("name", true), Query.by("version_number", false));

    private static final int MOST_VERSIONS = 10_000;

    private final Access access;
    private final Catalog catalog;

    public ModelDirectory(Access access, Catalog catalog) {
        this.access = access;
        this.catalog = catalog;
    }

    public ModelView model(ModelName name) {
        access.require(Action.READ, new Resource.Model(name));
        return catalog.read(
                tx -> ModelView.of(tx, List.of(ModelNames.require(tx, name))).getFirst());
    }

    public Page<ModelView> models(Query query) {
        access.require(Action.READ, Resource.REGISTRY);
        return catalog.read(tx -> {
            Found<RegisteredModel> found =
                    tx.models().search(query.search(Vocabulary.MODELS, MODELS_BY_NAME, MODELS_BY_NAME));
            return new Page<>(ModelView.of(tx, found.items()), found.next().map(query::token));
        });
    }

    /** A page may end before it has as many as were asked for; its token leads on. */
    public Page<RegisteredVersion> versions(Query asked) {
        access.require(Action.READ, Resource.REGISTRY);
        Query query = asked.atMost(MOST_VERSIONS);
        return catalog.read(tx -> {
            Found<PublishedVersion> found =
                    tx.versions().search(query.search(Vocabulary.VERSIONS, NEWEST_VERSIONS_FIRST, VERSIONS_BY_NAME));
            return new Page<>(
                    RegisteredVersion.of(tx, found.items()), found.next().map(query::token));
        });
    }

    /** The version with this ordinal. */
    public RegisteredVersion version(ModelName name, String ordinal) {
        access.require(Action.READ, new Resource.Model(name));
        return catalog.read(
                tx -> RegisteredVersion.of(tx, ClientSelector.ordinal(tx, ModelNames.require(tx, name), ordinal)));
    }

    /**
     * Of each stage the version that was published last; of none given, of all. Where a client puts a semantic version or a range in a stage's place, the
     * version that it selects.
     */
    public List<RegisteredVersion> latest(ModelName name, List<String> stages) {
        access.require(Action.READ, new Resource.Model(name));
        return catalog.read(tx -> {
            RegisteredModel model = ModelNames.require(tx, name);
            if (stages.isEmpty()) {
                return ModelView.latest(tx, model, Stage.ALL);
            }
            return stages.stream()
                    .flatMap(text -> ofStage(tx, model, text).stream())
                    .distinct()
                    .toList();
        });
    }

    private static List<RegisteredVersion> ofStage(CatalogTransaction tx, RegisteredModel model, String text) {
        Optional<Stage> stage = Stage.find(text);
        if (stage.isPresent()) {
            return ModelView.latest(tx, model, List.of(stage.get()));
        }
        return selector(text)
                .map(selector -> List.of(RegisteredVersion.of(tx, VersionResolver.resolve(tx, model, selector))))
                .orElseThrow(
                        () -> ProblemException.invalid(
                                "stages",
                                "Invalid Model Version stage: " + Quoted.of(text)
                                        + ". Value must be one of None, Staging, Production, Archived, or a version such as 1.4.2 or ^1.4."));
    }

    /** What the alias points to, or what the semantic version or range in its place selects. */
    public RegisteredVersion byAlias(ModelName name, String alias) {
        access.require(Action.READ, new Resource.Model(name));
        return catalog.read(tx -> {
            RegisteredModel model = ModelNames.require(tx, name);
            return RegisteredVersion.of(
                    tx,
                    selector(alias)
                            .map(selector -> VersionResolver.resolve(tx, model, selector))
                            .orElseGet(() -> pointed(tx, model, alias)));
        });
    }

    private static PublishedVersion pointed(CatalogTransaction tx, RegisteredModel model, String alias) {
        return tx.aliases()
                .latest(model.id(), alias)
                .filter(AliasMove::points)
                .flatMap(move ->
                        tx.versions().findByOrdinal(model.id(), move.ordinal().getAsLong()))
                .orElseThrow(() -> ProblemException.invalid(
                        "alias", "Registered model alias " + Quoted.plain(alias) + " not found."));
    }

    /** A selector that is no alias, or nothing. */
    private static Optional<Selector> selector(String text) {
        try {
            return Optional.of(ClientSelector.selector(text)).filter(found -> !(found instanceof Selector.Alias));
        } catch (ProblemException none) {
            return Optional.empty();
        }
    }
}
