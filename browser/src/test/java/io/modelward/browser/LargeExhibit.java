package io.modelward.browser;

import static io.modelward.browser.ExhibitClient.part;

import io.modelward.app.Application;
import io.modelward.core.audit.AuditEntry;
import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.Stage;
import io.modelward.core.published.VersionState;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.settings.Configuration;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.core.tracking.Run;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.core.version.VersionRef;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import tools.jackson.databind.node.ObjectNode;

/**
 * A server with as much as large teams have. One of each kind is made through the HTTP API. While the server is down,
 * the others are written into the catalog as the one is, by the catalog's own units.
 */
final class LargeExhibit implements AutoCloseable {

    /** How many there are. */
    record Sizes(int models, int versions, int runs) {
        static final Sizes OF_THE_GATE = new Sizes(1_000, 20_000, 10_000);
        static final Sizes HEAVY = new Sizes(10_000, 200_000, 100_000);
    }

    static final String MODEL = "large/model";
    private static final int AT_ONCE = 2_000;

    private final Path directory;
    private final Application application;
    private final ExhibitClient client;
    private final String experiment;
    private final String best;

    LargeExhibit(Sizes sizes) {
        try {
            directory = Files.createTempDirectory("large-exhibit");
            Seed seed;
            try (Application first = start();
                    ExhibitClient small = new ExhibitClient(first.address())) {
                seed = seed(small);
            }
            try (Catalog catalog =
                    SqliteCatalog.open(directory.resolve("data").resolve("catalog.sqlite"), Failpoints.NONE)) {
                Filling filling = new Filling(catalog, seed);
                filling.versions(sizes.versions());
                filling.models(sizes.models());
                best = filling.runs(sizes.runs());
            }
            experiment = seed.experiment;
            application = start();
            client = new ExhibitClient(application.address());
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private Application start() throws IOException {
        return new Application(
                new Configuration(Map.of(
                        "server.listen", "127.0.0.1:0",
                        "data.directory", directory.resolve("data").toString(),
                        "runtime.environment", ExhibitFiles.python().toString())),
                Map.of());
    }

    /** What is made through the HTTP API. */
    private record Seed(String experiment, String run) {}

    private static Seed seed(ExhibitClient client) throws IOException {
        String address = ExhibitModels.address(MODEL);
        String draft = client.made("POST", address + "/drafts", Json.object())
                .path("id")
                .asString();
        client.put("/api/v1/drafts/" + draft + "/files/" + part("weights.bin"), "w".getBytes(StandardCharsets.UTF_8));
        ObjectNode wish = Json.object().put("version", "0.0.1");
        wish.putObject("card")
                .put("description", "One of many.")
                .putObject("performance")
                .put("accuracy", 0.9);
        client.made("POST", "/api/v1/drafts/" + draft + "/publish", wish);
        String experiment = client.mlflow("/experiments/create", Json.object().put("name", "large"))
                .path("experiment_id")
                .asString();
        String run = client.mlflow(
                        "/runs/create",
                        Json.object()
                                .put("experiment_id", experiment)
                                .put("run_name", "the first")
                                .put("start_time", 1_780_000_000_000L))
                .at("/run/info/run_id")
                .asString();
        return new Seed(experiment, run);
    }

    /** Writes what is like the seed. */
    private static final class Filling {
        private final Catalog catalog;
        private final RegisteredModel model;
        private final PublishedVersion version;
        private final Run run;
        private final AuditEntry publication;

        private Filling(Catalog catalog, Seed seed) {
            this.catalog = catalog;
            this.model =
                    catalog.read(tx -> tx.models().find(ModelName.parse(MODEL)).orElseThrow());
            this.version = catalog.read(
                    tx -> tx.versions().find(model.id(), SemVer.parse("0.0.1")).orElseThrow());
            this.run = catalog.read(tx -> tx.runs().find(seed.run).orElseThrow());
            this.publication =
                    catalog.read(tx -> tx.audit().list(Long.MAX_VALUE, 1, MODEL).getFirst());
        }

        private void versions(int count) {
            inParts(
                    1,
                    count,
                    (tx, number) ->
                            publish(tx, model, (number / 1_000 + 1) + "." + number / 50 % 20 + "." + number % 50));
        }

        private void models(int count) {
            inParts(1, count, (tx, number) -> {
                ModelName name = ModelName.parse("team-" + number % 20 + "/model-" + number);
                publish(
                        tx,
                        tx.models()
                                .insert(name, "", version.summary().published().at()),
                        "1.0.0");
            });
        }

        private void publish(CatalogTransaction tx, RegisteredModel of, String number) {
            Change change = version.summary().published();
            long ordinal = tx.models().takeOrdinal(of.id(), change.at());
            long id = tx.versions().nextId();
            Digest digest = Digest.of((of.id() + " " + number).getBytes(StandardCharsets.UTF_8));
            VersionSummary summary = version.summary();
            VersionRef ref = new VersionRef(of.id(), of.name(), SemVer.parse(number), digest);
            tx.versions()
                    .insert(
                            new PublishedVersion(
                                    new VersionSummary(
                                            id,
                                            ref,
                                            ordinal,
                                            summary.size(),
                                            change,
                                            summary.shownCard(),
                                            summary.deletedAt()),
                                    version.documents()),
                            version.manifest().files());
            tx.versionStates()
                    .insert(of.id(), ordinal, new VersionState(id, "", Stage.NONE, change.at(), Optional.empty()));
            tx.audit().append(change, publication.action(), of.name().toString(), publication.detail());
        }

        /** Answers the id of the run with the best accuracy. */
        private String runs(int count) {
            SplittableRandom random = new SplittableRandom(7);
            String[] best = {""};
            inParts(1, count, (tx, number) -> {
                String id = "%016x%016x".formatted(random.nextLong(), number);
                double accuracy = number == count * 2 / 3 ? 0.999 : random.nextDouble() * 0.99;
                if (accuracy == 0.999) {
                    best[0] = id;
                }
                tx.runs()
                        .insert(new Run(
                                id,
                                run.experiment(),
                                "run " + number,
                                "ann",
                                run.status(),
                                run.startTime() + number * 1_000L,
                                run.endTime(),
                                run.artifactUri().replace(run.id(), id),
                                run.deletedAt()));
                tx.runData()
                        .insertPoints(
                                id,
                                List.of(
                                        new MetricPoint("accuracy", accuracy, run.startTime(), 0),
                                        new MetricPoint("loss", 1 - accuracy, run.startTime(), 0)));
                tx.runData().insertParam(id, new KeyValue("depth", Integer.toString(number % 9)));
            });
            return best[0];
        }

        private void inParts(int first, int count, Unit unit) {
            for (int from = first; from < count; from += AT_ONCE) {
                int begin = from;
                int end = Math.min(count, from + AT_ONCE);
                catalog.write(tx -> {
                    for (int number = begin; number < end; number++) {
                        unit.write(tx, number);
                    }
                    return true;
                });
            }
        }

        private interface Unit {
            void write(CatalogTransaction tx, int number);
        }
    }

    String address() {
        return application.address();
    }

    ExhibitClient client() {
        return client;
    }

    /** The experiment with all runs. */
    String experiment() {
        return experiment;
    }

    /** The run with the best accuracy. */
    String best() {
        return best;
    }

    @Override
    public void close() {
        client.close();
        application.close();
        Folders.remove(directory);
    }
}
