package io.modelward.registry.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.artifact.Artifact;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.evidence.Tick;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.prediction.DecisionRecord;
import io.modelward.core.rollout.PlanReader;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.RolloutProgress;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.rollout.ScoredTick;
import io.modelward.core.route.RolloutStep;
import io.modelward.core.route.RouteRevision;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.core.version.VersionRef;
import io.modelward.registry.Actor;
import io.modelward.registry.publish.DraftService;
import io.modelward.registry.publish.DraftService.DraftUpload;
import io.modelward.registry.publish.PublishRequest;
import io.modelward.registry.publish.Publisher;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.prediction.PredictionLog;
import io.modelward.store.prediction.SegmentPredictionLog;
import io.modelward.store.suite.RerunCatalog;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One thing is changed behind the catalog's back, and verification names that thing. */
class VerifierTest {

    private static final Access EVERYONE = new Access(Authorizer.EVERYONE);

    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
    private static final Change CHANGE = new Change(TIME, "ada", true, "because");
    private static final ModelName IRIS = ModelName.parse("iris");
    private static final List<String> TABLES =
            List.of("versions", "version_files", "route_revisions", "evidence", "audit");
    private static final int CASES = 100;

    @TempDir
    Path directory;

    private final ExecutorService hashers = Executors.newSingleThreadExecutor();
    private final Random random = new Random(13);
    private DiskBlobStore blobs;
    private PredictionLog log;

    @BeforeEach
    void open() throws Exception {
        blobs = new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory.resolve("blobs"));
        log = new SegmentPredictionLog(
                new LocalDisk(Failpoints.NONE), directory.resolve("log"), 64, InstantSource.system());
    }

    @AfterEach
    void close() {
        log.close();
        hashers.shutdownNow();
    }

    private RerunCatalog catalog(String name) {
        return RerunCatalog.open(directory.resolve(name), Failpoints.NONE);
    }

    private Verification verify(RerunCatalog catalog) {
        return new Verifier(EVERYONE, catalog, blobs, log, hashers).all();
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static VersionRef subject(String version) {
        return new VersionRef(new ModelId(1), IRIS, SemVer.parse(version), digest(version));
    }

    /** Some of everything that must not change. */
    private void fill(RerunCatalog catalog) throws Exception {
        InstantSource clock = () -> TIME;
        Actor ada = new Actor("ada", false);
        DraftService drafts = new DraftService(EVERYONE, catalog, blobs, clock, new Random(1));
        Publisher publisher = new Publisher(EVERYONE, catalog, blobs, clock, Failpoints.NONE);
        for (int i = 0; i < 4; i++) {
            String draft = drafts.create(IRIS, ada).draft().id();
            for (String path : new String[] {"model.joblib", "notes/a.txt"}) {
                try (DraftUpload upload = drafts.upload(draft, FilePath.parse(path))) {
                    upload.write(ByteBuffer.wrap((path + i).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                    upload.finish(Optional.empty());
                }
            }
            publisher.publish(
                    draft,
                    new PublishRequest(
                            new PublishRequest.Number.Exact(SemVer.parse("1." + i + ".0")),
                            Json.parse(
                                    "{\"description\":\"n\u00ba " + i
                                            + "\",\"input_schema\":{\"type\":\"array\",\"items\":{\"type\":\"number\"}}}",
                                    "card"),
                            "because",
                            ""),
                    ada);
        }
        catalog.write(tx -> {
            tx.routes().insertEndpoint("iris", TIME);
            for (int i = 1; i <= 4; i++) {
                Optional<RolloutStep> in = i % 2 == 0 ? Optional.of(new RolloutStep("r1", i)) : Optional.empty();
                tx.routes().insertRevision(RouteRevision.read("iris", i, "flip", "[]", "{}", i == 1, in, CHANGE));
                tx.audit()
                        .append(
                                CHANGE,
                                "endpoint.flip",
                                "endpoint:iris",
                                Json.object().put("revision", i));
            }
            tx.rollouts()
                    .insert(
                            new Rollout(
                                    "r1",
                                    "iris",
                                    subject("1.1.0"),
                                    subject("1.0.0"),
                                    PlanReader.read(Json.object()),
                                    RolloutProgress.first(RolloutState.RUNNING, "why")),
                            Optional.empty(),
                            "{}",
                            CHANGE);
            for (int i = 1; i <= 4; i++) {
                Tick tick = Tick.of(0.05, 10, 3, 1_000_000_000_000L, i);
                tx.rollouts().insertTick("r1", ScoredTick.of(i, 5, tick, Optional.of(tick)), new byte[0]);
            }
            return true;
        });
    }

    private static List<String> strings(Statement sql, String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (ResultSet rows = sql.executeQuery(query)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    /** Changes one value of one row a little; false when the tables do not allow it. */
    private boolean damage(Statement sql, String table, String column, String rowid) throws SQLException {
        String change = switch (random.nextInt(3)) {
            case 0 ->
                "CASE typeof(%1$s) WHEN 'integer' THEN %1$s + 1 WHEN 'null' THEN 1"
                        + " WHEN 'blob' THEN x'00' || substr(%1$s, 2) ELSE %1$s || ' ' END";
            case 1 ->
                "CASE typeof(%1$s) WHEN 'integer' THEN %1$s - 1 WHEN 'null' THEN 2"
                        + " WHEN 'blob' THEN substr(%1$s, 1, 31) ELSE 'x' || substr(%1$s, 2) END";
            default ->
                "CASE typeof(%1$s) WHEN 'integer' THEN %1$s + 4096 WHEN 'null' THEN 3"
                        + " WHEN 'blob' THEN x'0102' ELSE replace(%1$s || 'e', 'e', 'f') END";
        };
        try {
            return sql.executeUpdate("UPDATE " + table + " SET " + column + " = " + change.formatted(column)
                            + " WHERE rowid = " + rowid)
                    == 1;
        } catch (SQLException refused) {
            return false;
        }
    }

    @Test
    void whatever_value_is_changed_in_a_row_that_must_not_change_its_row_is_named() throws Exception {
        try (RerunCatalog whole = catalog("whole")) {
            fill(whole);
            new AuditSequencer(whole).run();
            Verification found = verify(whole);
            assertThat(found.damaged()).isEmpty();
            assertThat(found.rows()).isEqualTo(4 + 8 + 4 + 8 + 8 + 1);
            assertThat(found.unhashed()).isZero();
            assertThat(found.versions()).isEqualTo(4);
        }
        int done = 0;
        try (RerunCatalog catalog = catalog("whole");
                Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("whole"));
                Statement sql = connection.createStatement()) {
            for (int i = 0; i < CASES; i++) {
                String table = TABLES.get(random.nextInt(TABLES.size()));
                List<String> columns = strings(sql, "SELECT name FROM pragma_table_info('" + table + "')");
                String column = columns.get(random.nextInt(columns.size()));
                List<String> rows = strings(sql, "SELECT rowid FROM " + table);
                String rowid = rows.get(random.nextInt(rows.size()));
                sql.execute("CREATE TEMP TABLE before AS SELECT * FROM " + table);
                boolean removed = table.equals("audit") && random.nextInt(4) == 0;
                if (removed) {
                    sql.executeUpdate("DELETE FROM audit WHERE rowid = " + rowid);
                }
                if (removed || damage(sql, table, column, rowid)) {
                    done++;
                    assertThat(verify(catalog).damaged())
                            .as(table + " " + column + " of row " + rowid + (removed ? " removed" : " changed"))
                            .anyMatch(damage -> damage.kind() == Damage.Kind.ROW
                                    && damage.path().startsWith(table + " "));
                }
                sql.execute("DELETE FROM " + table);
                sql.execute("INSERT INTO " + table + " SELECT * FROM before");
                sql.execute("DROP TABLE before");
            }
            assertThat(verify(catalog).damaged()).isEmpty();
        }
        assertThat(done).isGreaterThan(CASES / 2);
    }

    @Test
    void rows_of_an_earlier_release_are_told_as_unhashed_and_their_audit_entries_are_chained_as_found()
            throws Exception {
        try (RerunCatalog catalog = catalog("old")) {
            fill(catalog);
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("old"));
                Statement sql = connection.createStatement()) {
            for (String table : TABLES) {
                sql.executeUpdate("UPDATE " + table + " SET row_hash = NULL");
            }
        }
        try (RerunCatalog catalog = catalog("old")) {
            Verification before = verify(catalog);
            assertThat(before.damaged()).isEmpty();
            assertThat(before.unhashed()).isEqualTo(before.rows());
            new AuditSequencer(catalog).run();
            catalog.write(tx -> {
                tx.audit().append(CHANGE, "flip", "endpoint:iris", Json.object());
                return true;
            });
            Verification after = verify(catalog);
            assertThat(after.damaged()).isEmpty();
            assertThat(after.unhashed()).isLessThan(before.unhashed()).isPositive();
        }
    }

    @Test
    void damaged_records_and_artifacts_are_named() throws Exception {
        try (RerunCatalog catalog = catalog("catalog")) {
            Digest none = digest("none");
            PredictionLog.Claim claim = log.claim();
            claim.write(new DecisionRecord(TIME, 1, 1, (byte) 0, (byte) 1, 200, 5, 1, none, none, Optional.empty()));
            catalog.write(tx -> {
                tx.artifacts().put(new Artifact(new ArtifactPath("1/r/f"), 4, none, TIME));
                return true;
            });
            assertThat(verify(catalog).records()).isEqualTo(1);
            Path segment = directory.resolve("log/segment-000000001");
            byte[] bytes = Files.readAllBytes(segment);
            bytes[4096 + 100] ^= 8;
            Files.write(segment, bytes, java.nio.file.StandardOpenOption.WRITE);
            assertThat(verify(catalog).damaged())
                    .containsExactlyInAnyOrder(
                            Damage.artifact("1/r/f", Optional.of(none), Damage.MISSING), Damage.record(1, 0));
        }
    }
}
