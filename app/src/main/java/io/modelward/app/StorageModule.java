package io.modelward.app;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import io.modelward.core.settings.Providers;
import io.modelward.store.assembly.Storage;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.blob.BlobStoreProvider;
import io.modelward.store.blob.DiskBlobStoreProvider;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogProvider;
import io.modelward.store.catalog.CatalogSettings;
import io.modelward.store.catalog.sqlite.SqliteCatalogProvider;
import io.modelward.store.data.DataDirectory;
import io.modelward.store.data.Pairing;
import io.modelward.store.data.SecretBox;
import io.modelward.store.disk.Disk;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.failpoint.ScriptedFailpoints;
import io.modelward.store.postgres.PostgresCatalogProvider;
import io.modelward.store.prediction.PredictionLog;
import io.modelward.store.prediction.PredictionLogProvider;
import io.modelward.store.prediction.SegmentPredictionLogProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The data directory, the catalog, the blobs and the prediction log. */
final class StorageModule extends Module {

    private static final List<CatalogProvider> CATALOGS =
            List.of(new SqliteCatalogProvider(), new PostgresCatalogProvider());
    private static final List<BlobStoreProvider> BLOB_STORES = List.of(new DiskBlobStoreProvider());
    private static final List<PredictionLogProvider> PREDICTION_LOGS = List.of(new SegmentPredictionLogProvider());

    private final Path directory;
    private final Optional<String> url;
    private final Optional<String> password;
    private final Map<String, String> environment;
    private final CatalogProvider catalogs;
    private final BlobStoreProvider.Opening blobs;
    private final PredictionLogProvider.Opening predictions;
    private final Failpoints failpoints;

    private @Nullable Storage storage;
    private @Nullable SecretBox secrets;

    /** @param environment the variables of the process, which may have the password of the catalog */
    StorageModule(Configuration configuration, Map<String, String> environment) {
        this.directory = configuration
                .text("data.directory")
                .map(Path::of)
                .orElseGet(StorageModule::defaultDirectory)
                .toAbsolutePath()
                .normalize();
        this.environment = environment;
        this.url = configuration.text("catalog.url");
        this.password = configuration.text("catalog.password");
        this.catalogs = provider(settings(Path.of("")).scheme());
        this.blobs =
                Providers.find(configuration, "blobs.type", "disk", BLOB_STORES).read(configuration);
        this.predictions = Providers.find(configuration, "predictions.type", "segments", PREDICTION_LOGS)
                .read(configuration);
        this.failpoints = failpoints(configuration.text("test.failpoints").orElse(""));
    }

    private CatalogSettings settings(Path file) {
        return new CatalogSettings(file, url, password, environment);
    }

    private static CatalogProvider provider(String scheme) {
        TreeSet<String> known = new TreeSet<>();
        for (CatalogProvider provider : CATALOGS) {
            if (provider.schemes().contains(scheme)) {
                return provider;
            }
            known.addAll(provider.schemes());
        }
        throw new StartRefused("catalog.url begins with one of " + String.join(", ", known)
                + " and a colon, such as postgresql://user@host:port/database.");
    }

    private static Path defaultDirectory() {
        return "root".equals(System.getProperty("user.name"))
                ? Path.of("/var/lib/modelward")
                : Path.of(System.getProperty("user.home"), ".local", "share", "modelward");
    }

    private static Failpoints failpoints(String script) {
        try {
            return ScriptedFailpoints.parse(script);
        } catch (IllegalArgumentException malformed) {
            throw new StartRefused("test.failpoints: " + malformed.getMessage());
        }
    }

    Path directory() {
        return directory;
    }

    /** Whether the catalog is a file of the data directory. */
    boolean isCatalogInside() {
        return catalogs instanceof SqliteCatalogProvider;
    }

    /** Opens the data directory, and nothing else. */
    DataDirectory openDirectory(Disk disk) throws IOException {
        return own(DataDirectory.open(disk, directory));
    }

    /** Opens the catalog, and nothing else. */
    Catalog openCatalog(DataDirectory data) {
        return own(catalogs.open(settings(data.catalog()), failpoints));
    }

    Storage open(InstantSource clock) throws IOException {
        Disk disk = new LocalDisk(failpoints);
        DataDirectory data = openDirectory(disk);
        // Left by a move that was killed; nobody moves while this server has the directory.
        SourceCatalog.remove(data.scratch());
        Catalog catalog = openCatalog(data);
        Pairing.require(data, catalog, isCatalogInside());
        BlobStore store = blobs.open(disk, data.blobs());
        PredictionLog log = own(predictions.open(disk, data.predictions(), clock));
        Storage all = new Storage(catalog, store, log, failpoints);
        this.storage = all;
        this.secrets = new SecretBox(disk, data.secretKey(), new SecureRandom());
        return all;
    }

    /** Seals secrets in the catalog. */
    SecretBox secrets() {
        return Objects.requireNonNull(secrets);
    }

    @Override
    void measure(MeterRegistry meters) {
        PredictionLog log = Objects.requireNonNull(storage).predictions();
        FunctionCounter.builder(
                        "modelward.prediction.log.kept", log, it -> it.status().kept())
                .description("Decision records written since the start")
                .register(meters);
        FunctionCounter.builder(
                        "modelward.prediction.log.lost", log, it -> it.status().lost())
                .description("Predictions answered since the start whose record could not be kept")
                .register(meters);
    }
}
