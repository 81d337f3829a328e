package io.modelward.core.rollout;

import static io.modelward.core.rollout.Scenes.tick;
import static io.modelward.core.rollout.Scenes.withLatency;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.Problems;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class EvidenceExportTest {

    private static final List<ScoredTick> TICKS = List.of(
            tick(1, 10, 10, 10, 0), withLatency(tick(2, 10, 10, 10, 0), 10, 1), tick(5, 0, 0, 1_000_000_000_000L, 7));

    private static Rollout judged() {
        Rollout rollout = Scenes.running("");
        LimitMonitor monitor = new LimitMonitor(rollout.plan(), 0.125);
        TICKS.forEach(monitor::add);
        return rollout.with(rollout.progress()
                .withBaseline(0.125, java.util.OptionalLong.of(777))
                .withVerdict(monitor.harm().orElseThrow()));
    }

    private static ObjectNode export() {
        ObjectNode json = EvidenceExport.head(judged());
        var ticks = json.putArray("ticks");
        TICKS.forEach(tick -> ticks.add(EvidenceExport.write(tick)));
        return json;
    }

    @Test
    void what_is_exported_is_read_back_and_judged_the_same() {
        EvidenceExport.Exported exported = EvidenceExport.read(Json.write(export()));
        List<ScoredTick> ticks = new ArrayList<>();
        LimitMonitor monitor = new LimitMonitor(exported.plan(), exported.errorPrior());
        exported.forEachTick(ticks::add);
        ticks.forEach(monitor::add);
        assertThat(ticks).isEqualTo(TICKS);
        assertThat(exported.plan()).isEqualTo(judged().plan());
        assertThat(exported.errorPrior()).isEqualTo(0.125);
        assertThat(exported.verdict())
                .isPresent()
                .isEqualTo(judged().progress().verdict())
                .isEqualTo(monitor.harm());
    }

    @Test
    void the_head_names_what_was_compared() {
        ObjectNode head = EvidenceExport.head(judged());
        assertThat(head.path("candidate").stringValue()).isEqualTo("default/iris@1.1.0");
        assertThat(head.path("active").stringValue()).isEqualTo("default/iris@1.0.0");
        assertThat(head.path("latency_threshold_us").longValue()).isEqualTo(777);
    }

    @Test
    void without_a_verdict_none_is_read() {
        ObjectNode json = export();
        json.remove("verdict");
        assertThat(EvidenceExport.read(Json.write(json)).verdict()).isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "7",
                "{\"format\":\"modelward-evidence/2\",\"ticks\":[]}",
                "{\"format\":\"modelward-evidence/1\"}",
                "{\"format\":\"modelward-evidence/1\",\"ticks\":{}}"
            })
    void what_is_no_export_is_refused(String text) {
        Problems.invalid("evidence", () -> EvidenceExport.read(text));
    }

    /** Whatever is put in place of whatever, it is read or refused with a problem, and never anything else. */
    @Test
    void damaged_exports_are_read_or_refused() {
        Random random = new Random(5);
        String[] rubbish = {"null", "-1", "\"x\"", "[]", "{}", "true", "0.5", "99999999999999999999"};
        for (int i = 0; i < 3000; i++) {
            ObjectNode json = export();
            ObjectNode at = json;
            for (int depth = 0; depth < 4; depth++) {
                List<String> names = List.copyOf(at.propertyNames());
                String name = names.get(random.nextInt(names.size()));
                var child = name.equals("ticks") ? at.get(name).get(random.nextInt(TICKS.size())) : at.get(name);
                if (child instanceof ObjectNode object && !object.isEmpty() && random.nextInt(4) > 0) {
                    at = object;
                } else {
                    if (random.nextInt(3) == 0) {
                        at.remove(name);
                    } else {
                        at.set(
                                name,
                                Json.parse("[" + rubbish[random.nextInt(rubbish.length)] + "]", "x")
                                        .get(0));
                    }
                    break;
                }
            }
            String text = Json.write(json);
            try {
                EvidenceExport.Exported exported = EvidenceExport.read(text);
                LimitMonitor monitor = new LimitMonitor(exported.plan(), exported.errorPrior());
                exported.forEachTick(monitor::add);
                monitor.readings();
            } catch (ProblemException refused) {
                assertThat(refused.problem().detail()).isNotBlank();
            } catch (RuntimeException other) {
                throw new AssertionError(text, other);
            }
        }
    }

    @Test
    void impossible_counts_are_refused() {
        ObjectNode json = export();
        ((ObjectNode) json.get("ticks").get(0).get("errors")).put("x_canary", 11);
        EvidenceExport.Exported exported = EvidenceExport.read(Json.write(json));
        assertThatThrownBy(() -> exported.forEachTick(tick -> {})).isInstanceOf(ProblemException.class);
    }
}
