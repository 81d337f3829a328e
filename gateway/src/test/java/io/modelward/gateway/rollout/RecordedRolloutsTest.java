package io.modelward.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
import io.modelward.core.rollout.Crossing;
import io.modelward.core.rollout.EvidenceExport;
import io.modelward.core.rollout.LimitMonitor;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.ScoredTick;
import io.modelward.store.catalog.RawTables;
import io.modelward.store.catalog.RawTables.Table;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Rollouts that the release before arms were values recorded: its exports with what it read after every tick, and all
 * rows of its catalog. One was held by the halt limit on latency and promoted by its plan in four steps with keys, one
 * was promoted, one rolled back, one held.
 */
class RecordedRolloutsTest {

    @TempDir
    Path directory;

    private JsonNode recorded = Json.object();

    @BeforeEach
    void read() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(RecordedRolloutsTest.class.getResourceAsStream("recorded-rollouts.json"))) {
            recorded = Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), "recorded");
        }
        assertThat(recorded.path("rollouts")).hasSize(4);
    }

    @Test
    void an_export_of_the_release_before_is_judged_the_same_after_every_tick_bit_for_bit() {
        for (JsonNode one : recorded.path("rollouts")) {
            String text = Json.write(one.path("export"));
            EvidenceExport.Exported exported = EvidenceExport.read(text);
            List<ScoredTick> ticks = new ArrayList<>();
            exported.forEachTick(ticks::add);
            assertThat(readings(ticks, new LimitMonitor(exported.plan(), exported.errorPrior())))
                    .isEqualTo(one.path("readings"));
            assertThat(verdict(exported.verdict(), ticks, exported)).isEqualTo(exported.verdict());
        }
    }

    @Test
    void a_catalog_of_the_release_before_has_the_same_ticks_the_same_documents_and_gives_the_same_export()
            throws Exception {
        try (GatewayFixture house = new GatewayFixture(directory, 1)) {
            fill(house);
            for (JsonNode one : recorded.path("rollouts")) {
                String id = one.path("export").path("rollout").stringValue();
                RolloutRecord row =
                        house.catalog.read(tx -> tx.rollouts().find(id)).orElseThrow();
                List<ScoredTick> ticks = house.ticks(id);
                ObjectNode export = EvidenceExport.head(row.rollout());
                ArrayNode written = export.putArray("ticks");
                ticks.forEach(tick -> written.add(EvidenceExport.write(tick)));
                assertThat(Json.write(export)).isEqualTo(Json.write(one.path("export")));
                assertThat(readings(
                                ticks,
                                new LimitMonitor(
                                        row.rollout().plan(),
                                        row.rollout().progress().errorPrior())))
                        .isEqualTo(one.path("readings"));
                assertThat(Rollout.fromJson(row.rollout().toJson())).isEqualTo(row.rollout());
            }
        }
    }

    @Test
    void ticks_written_by_this_release_are_the_rows_of_the_release_before_with_their_hashes() throws Exception {
        try (GatewayFixture house = new GatewayFixture(directory, 1)) {
            fill(house);
            List<List<@Nullable Object>> before = evidence(house);
            assertThat(before).isNotEmpty();
            List<String> ids = new ArrayList<>();
            recorded.path("rollouts")
                    .forEach(one -> ids.add(one.path("export").path("rollout").stringValue()));
            for (String id : ids) {
                List<ScoredTick> ticks = house.ticks(id);
                // They are written into a catalog that has the rollout and no evidence.
                Path other = directory.resolve(id);
                Files.createDirectory(other);
                try (GatewayFixture empty = new GatewayFixture(other, 1)) {
                    fill(empty, Set.of("evidence", "evidence_keys"));
                    empty.catalog.write(tx -> {
                        ticks.forEach(tick -> tx.rollouts().insertTick(id, tick, new byte[0]));
                        return true;
                    });
                    Table table = empty.catalog.read(tx -> table(tx.rawTables(), "evidence"));
                    int name = table.columns().indexOf("rollout");
                    assertThat(evidence(empty))
                            .usingRecursiveComparison()
                            .isEqualTo(before.stream()
                                    .filter(row -> id.equals(row.get(name)))
                                    .toList());
                }
            }
        }
    }

    private static List<List<@Nullable Object>> evidence(GatewayFixture house) {
        return house.catalog.read(tx -> tx.rawTables().rows(table(tx.rawTables(), "evidence"), List.of(), 100_000));
    }

    private static Table table(RawTables raw, String name) {
        return raw.tables().stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void fill(GatewayFixture house) {
        fill(house, Set.of());
    }

    private void fill(GatewayFixture house, Set<String> without) {
        house.catalog.write(tx -> {
            RawTables raw = tx.rawTables();
            for (Table table : raw.tables()) {
                List<List<@Nullable Object>> rows = new ArrayList<>();
                if (!without.contains(table.name())) {
                    recorded.path("tables").path(table.name()).forEach(row -> rows.add(values(row)));
                }
                raw.put(table, rows);
            }
            return true;
        });
    }

    private static List<@Nullable Object> values(JsonNode row) {
        List<@Nullable Object> values = new ArrayList<>();
        for (JsonNode value : row) {
            if (value.isNull()) {
                values.add(null);
            } else if (value.isIntegralNumber()) {
                values.add(value.longValue());
            } else if (value.isNumber()) {
                values.add(value.doubleValue());
            } else {
                String text = value.stringValue();
                values.add(
                        text.startsWith("base64:")
                                ? Base64.getDecoder().decode(text.substring("base64:".length()))
                                : text);
            }
        }
        return values;
    }

    /**
     * After each tick the bits of both evidences of each limit and whether it is crossed; then whether non-inferiority
     * is proven.
     */
    private static ArrayNode readings(List<ScoredTick> ticks, LimitMonitor monitor) {
        ArrayNode all = Json.array();
        for (ScoredTick tick : ticks) {
            monitor.add(tick);
            ArrayNode line = all.addArray();
            monitor.readings()
                    .forEach(one -> line.add(bits(one.logGrid()) + " " + bits(one.logRestart()) + " " + one.crossed()));
            line.add(monitor.nonInferior());
        }
        return all;
    }

    private static String bits(double value) {
        return Long.toHexString(Double.doubleToLongBits(value));
    }

    private static Optional<Crossing> verdict(
            Optional<Crossing> kept, List<ScoredTick> ticks, EvidenceExport.Exported exported) {
        LimitMonitor monitor = new LimitMonitor(exported.plan(), exported.errorPrior());
        ticks.forEach(monitor::add);
        return kept.flatMap(one -> one.rollback()
                ? monitor.harm()
                : monitor.divergence(java.util.EnumSet.complementOf(java.util.EnumSet.of(one.guardrail()))));
    }
}
