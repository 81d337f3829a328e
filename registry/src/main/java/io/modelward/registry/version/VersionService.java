package io.modelward.registry.version;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Reach;
import io.modelward.core.access.Resource;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.model.ModelAlias;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionState;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.registry.FileReading;
import io.modelward.registry.Page;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Finds models, versions and their files, for callers; {@link VersionLookup} is for the server itself. */
public final class VersionService {

    private static final int SEARCHED_AT_ONCE = 1000;

    private final Access access;
    private final Catalog catalog;
    private final BlobStore blobs;

    public VersionService(Access access, Catalog catalog, BlobStore blobs) {
        this.access = access;
        this.catalog = catalog;
        this.blobs = blobs;
    }

    /**
     * A model in short.
     *
     * @param latest the highest release
     * @param aliases each with the version it points to
     */
    public record ModelSummary(
            RegisteredModel model,
            long versions,
            Optional<SemVer> latest,
            Map<String, SemVer> aliases,
            List<KeyValue> tags) {}

    /**
     * A version with the aliases that point to it now, what people say of it, and where it came from.
     */
    public record VersionWithProvenance(
            PublishedVersion published,
            List<String> aliases,
            VersionState state,
            List<KeyValue> tags,
            Optional<Provenance> provenance) {}

    /**
     * Models in the order of their names.
     *
     * @param after the name to go on after; empty: from the beginning
     * @param text only models whose name or description has this text, in whatever case; empty: all
     */
    public Page<ModelSummary> models(String after, int size, String text) {
        Reach reach = access.requireSome(Action.READ);
        String wanted = text.toLowerCase(Locale.ROOT);
        return catalog.read(tx -> {
            List<ModelSummary> views = new ArrayList<>();
            String last = after;
            while (views.size() <= size) {
                List<RegisteredModel> rows =
                        tx.models().list(last, wanted.isEmpty() ? size + 1 : SEARCHED_AT_ONCE, reach);
                rows.stream()
                        .filter(row -> has(row, wanted))
                        .limit(size + 1L - views.size())
                        .forEach(row -> views.add(view(tx, row)));
                if (rows.isEmpty()) {
                    break;
                }
                last = rows.getLast().name().toString();
            }
            return Page.of(views, size, view -> view.model().name().toString());
        });
    }

    public ModelSummary model(ModelName model) {
        access.require(Action.READ, new Resource.Model(model));
        return catalog.read(tx -> {
            return view(tx, VersionResolver.requireModel(tx, model));
        });
    }

    private static boolean has(RegisteredModel model, String text) {
        return text.isEmpty()
                || model.name().toString().toLowerCase(Locale.ROOT).contains(text)
                || model.description().toLowerCase(Locale.ROOT).contains(text);
    }

    private static ModelSummary view(CatalogTransaction tx, RegisteredModel row) {
        Map<String, SemVer> aliases = new TreeMap<>();
        for (ModelAlias pointer : tx.aliases().list(row.id())) {
            tx.versions()
                    .findByOrdinal(row.id(), pointer.ordinal())
                    .ifPresent(version ->
                            aliases.put(pointer.alias(), version.summary().version()));
        }
        Optional<SemVer> latest = tx.versions()
                .highest(row.id(), version -> !version.isPreRelease())
                .map(version -> version.summary().version());
        long id = row.id().value();
        return new ModelSummary(
                row,
                tx.versions().count(row.id()),
                latest,
                aliases,
                tx.modelTags().of(List.of(id)).getOrDefault(id, List.of()));
    }

    /** Versions ascending in SemVer order; {@code after} is the sort key to go on from, or empty. */
    public Page<VersionSummary> versions(ModelName model, String after, int size) {
        access.require(Action.READ, new Resource.Model(model));
        return catalog.read(tx -> {
            RegisteredModel row = VersionResolver.requireModel(tx, model);
            return Page.of(
                    tx.versions().list(row.id(), after, size + 1),
                    size,
                    summary -> summary.version().sortKey());
        });
    }

    public VersionWithProvenance version(ModelName model, Selector selector) {
        access.require(Action.READ, new Resource.Model(model));
        return catalog.read(tx -> view(tx, VersionResolver.resolve(tx, model, selector)));
    }

    static VersionWithProvenance view(CatalogTransaction tx, PublishedVersion row) {
        VersionSummary summary = row.summary();
        return new VersionWithProvenance(
                row,
                tx.aliases().of(summary.modelId(), summary.ordinal()),
                tx.versionStates().get(summary.id()),
                tx.versionTags().of(List.of(summary.id())).getOrDefault(summary.id(), List.of()),
                Provenance.of(tx, summary.id()));
    }

    /** One file of a version. */
    public FileEntry file(ModelName model, SemVer version, FilePath path) {
        access.require(Action.READ, new Resource.Model(model));
        return catalog.read(tx -> {
            PublishedVersion row = VersionResolver.resolve(tx, model, new Selector.Exact(version));
            return tx.versions()
                    .file(row.summary().id(), path.value())
                    .orElseThrow(() -> ProblemException.notFound(
                            model + "@" + version + " has no such file. Its manifest lists those it has."));
        });
    }

    /** Opens part of the bytes of a file of a model; wrong bytes never end well. */
    public FileReading open(ModelName model, FileEntry file, long offset, long length) throws IOException {
        access.require(Action.READ, new Resource.Model(model));
        try {
            return new FileReading(blobs.open(file.sha256(), file.size(), offset, length));
        } catch (NoSuchFileException missing) {
            throw BlobStore.missing(file.sha256());
        }
    }
}
