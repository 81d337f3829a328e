package io.modelward.registry.version;

import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.registry.Page;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Aliases;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.Models;
import io.modelward.store.catalog.Versions;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Finds models, versions and their files. */
public final class VersionService {

    private final Catalog catalog;
    private final BlobStore blobs;

    public VersionService(Catalog catalog, BlobStore blobs) {
        this.catalog = catalog;
        this.blobs = blobs;
    }

    /**
     * A model in short.
     *
     * @param latest the highest release
     * @param aliases each with the version it points to
     */
    public record ModelView(Models.Row row, int versions, Optional<SemVer> latest, Map<String, SemVer> aliases) {}

    /**
     * A version with the aliases that point to it now.
     */
    public record VersionView(Versions.Row row, List<String> aliases) {}

    public Page<ModelView> models(String after, int size) {
        return catalog.read(tx -> {
            List<ModelView> views = tx.models().list(after, size + 1).stream()
                    .map(row -> view(tx, row))
                    .toList();
            return Page.of(views, size, view -> view.row().model().toString());
        });
    }

    public ModelView model(ModelName model) {
        return catalog.read(tx -> {
            VersionResolver.requireModel(tx, model);
            return view(tx, tx.models().find(model).orElseThrow());
        });
    }

    private static ModelView view(CatalogTransaction tx, Models.Row row) {
        List<SemVer> numbers = tx.versions().numbers(row.model());
        Map<String, SemVer> aliases = new TreeMap<>();
        for (Aliases.Move move : tx.aliases().list(row.model())) {
            move.ordinal()
                    .ifPresent(ordinal -> tx.versions()
                            .findByOrdinal(row.model(), ordinal)
                            .ifPresent(version ->
                                    aliases.put(move.alias(), version.summary().version())));
        }
        Optional<SemVer> latest =
                numbers.stream().filter(version -> !version.isPreRelease()).max(Comparator.naturalOrder());
        return new ModelView(row, numbers.size(), latest, aliases);
    }

    /** Versions ascending in SemVer order; {@code after} is the sort key to go on from, or empty. */
    public Page<Versions.Summary> versions(ModelName model, String after, int size) {
        return catalog.read(tx -> {
            VersionResolver.requireModel(tx, model);
            return Page.of(
                    tx.versions().list(model, after, size + 1),
                    size,
                    summary -> summary.version().sortKey());
        });
    }

    public VersionView version(ModelName model, Selector selector) {
        return catalog.read(tx -> {
            Versions.Row row = VersionResolver.resolve(tx, model, selector);
            List<String> aliases = tx.aliases().list(model).stream()
                    .filter(move -> move.ordinal().orElse(0) == row.summary().ordinal())
                    .map(Aliases.Move::alias)
                    .toList();
            return new VersionView(row, aliases);
        });
    }

    /** One file of a version. */
    public FileEntry file(ModelName model, SemVer version, FilePath path) {
        return catalog.read(tx -> {
            Versions.Row row = VersionResolver.resolve(tx, model, new Selector.Exact(version));
            return tx.versions()
                    .file(model, row.summary().ordinal(), path.value())
                    .orElseThrow(() -> ProblemException.notFound(
                            model + "@" + version + " has no such file. Its manifest lists those it has."));
        });
    }

    /** Opens part of a file's bytes. */
    public InputStream open(FileEntry file, long offset, long length) throws IOException {
        return blobs.read(file.sha256(), offset, length);
    }

    public InputStream open(FileEntry file) throws IOException {
        return blobs.read(file.sha256());
    }
}
