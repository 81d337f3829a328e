package io.modelward.registry.model;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Reach;
import io.modelward.core.access.Resource;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.Stage;
import io.modelward.core.search.Found;
import io.modelward.core.search.SortOrder;
import io.modelward.core.search.Vocabulary;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.registry.Page;
import io.modelward.registry.tracking.Query;
import io.modelward.registry.version.VersionFiles;
import io.modelward.registry.version.VersionResolver;
import io.modelward.registry.version.VersionWithOrigin;
import io.modelward.store.catalog.Catalog;
import java.util.List;

/** Searches models and versions, and shows them with all that is known beside them. */
public final class ModelDirectory {

    private static final List<SortOrder> MODELS_BY_NAME = List.of(Query.by("name", true));
    private static final List<SortOrder> NEWEST_VERSIONS_FIRST = List.of(
            Query.by("last_updated_timestamp", false), Query.by("name", true), Query.by("version_number", false));
    private static final List<SortOrder> VERSIONS_BY_NAME =
            List.of(Query.by("name", true), Query.by("version_number", false));

    private static final int MOST_VERSIONS = 10_000;

    private final Access access;
    private final Catalog catalog;

    public ModelDirectory(Access access, Catalog catalog) {
        this.access = access;
        this.catalog = catalog;
    }

    public ModelWithLatest model(ModelName name) {
        access.require(Action.READ, new Resource.Model(name));
        return catalog.read(tx -> ModelWithLatest.of(tx, List.of(VersionResolver.requireModel(tx, name)))
                .getFirst());
    }

    public Page<ModelWithLatest> models(Query query) {
        Reach reach = access.requireSome(Action.READ);
        return catalog.read(tx -> {
            Found<RegisteredModel> found = tx.models()
                    .search(query.search(Vocabulary.MODELS, MODELS_BY_NAME, MODELS_BY_NAME)
                            .within(reach));
            return new Page<>(
                    ModelWithLatest.of(tx, found.items()), found.next().map(query::token));
        });
    }

    /** A page may end before it has as many as were asked for; its token leads on. */
    public Page<VersionWithOrigin> versions(Query asked) {
        Reach reach = access.requireSome(Action.READ);
        Query query = asked.atMost(MOST_VERSIONS);
        return catalog.read(tx -> {
            Found<PublishedVersion> found = tx.versions()
                    .search(query.search(Vocabulary.VERSIONS, NEWEST_VERSIONS_FIRST, VERSIONS_BY_NAME)
                            .within(reach));
            return new Page<>(
                    VersionWithOrigin.of(tx, found.items()), found.next().map(query::token));
        });
    }

    /** The version that the selector means now. */
    public VersionWithOrigin version(ModelName name, Selector selector) {
        access.require(Action.READ, new Resource.Model(name));
        return catalog.read(tx -> VersionWithOrigin.of(tx, VersionResolver.resolve(tx, name, selector)));
    }

    /** Of each of these stages the version that was published last, where there is one. */
    public List<VersionWithOrigin> latest(ModelName name, List<Stage> stages) {
        access.require(Action.READ, new Resource.Model(name));
        return catalog.read(tx -> ModelWithLatest.latest(tx, VersionResolver.requireModel(tx, name), stages));
    }

    /**
     * Where the caller fetches a version's files: where they were logged; or, when the caller may read the version and
     * not what was logged, the version's own folder, which has the same files.
     */
    public String location(ModelName name, Selector selector) {
        VersionWithOrigin version = version(name, selector);
        return version.location().filter(this::isReadable).orElseGet(() -> VersionFiles.location(version.summary()));
    }

    private boolean isReadable(String location) {
        try {
            return ArtifactPath.ofUri(location)
                    .map(path -> access.allows(Action.READ, new Resource.Artifact(path)))
                    .orElse(true);
        } catch (ProblemException noPath) {
            // Whoever fetches from there is told.
            return true;
        }
    }
}
