package io.modelward.app;

import io.modelward.core.problem.StartRefused;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogSettings;
import io.modelward.store.catalog.sqlite.SqliteCatalogProvider;
import io.modelward.store.data.DataDirectory;
import io.modelward.store.failpoint.Failpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog of a data directory, opened as a copy of its file: opening would migrate the tables and write what a
 * crash left undone, and the source of a move stays as it is.
 */
final class SourceCatalog {

    private static final Logger LOG = LoggerFactory.getLogger(SourceCatalog.class);

    private SourceCatalog() {}

    /** @param place a folder for the copy, which takes as much room as the catalog does */
    static Catalog open(DataDirectory data, Path place) throws IOException {
        remove(place);
        Files.createDirectories(place);
        Path copy = place.resolve("catalog.sqlite");
        Files.copy(data.catalog(), copy);
        Path log = data.catalog().resolveSibling("catalog.sqlite-wal");
        if (Files.exists(log)) {
            Files.copy(log, place.resolve("catalog.sqlite-wal"));
        }
        try {
            return new SqliteCatalogProvider().open(CatalogSettings.of(copy), Failpoints.NONE);
        } catch (StartRefused refused) {
            throw refused;
        } catch (RuntimeException unreadable) {
            LOG.debug("the copy of the catalog could not be opened", unreadable);
            throw new StartRefused(
                    data.catalog() + " cannot be read as a catalog: it is damaged. Restore it from a backup.");
        }
    }

    static void remove(Path place) throws IOException {
        if (!Files.exists(place)) {
            return;
        }
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
