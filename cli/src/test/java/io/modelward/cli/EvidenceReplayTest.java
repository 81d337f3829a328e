package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.evidence.Tick;
import io.modelward.core.json.Json;
import io.modelward.core.rollout.EvidenceExport;
import io.modelward.core.rollout.LimitMonitor;
import io.modelward.core.rollout.PlanJson;
import io.modelward.core.rollout.PlanReader;
import io.modelward.core.rollout.RolloutPlan;
import io.modelward.core.rollout.ScoredTick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class EvidenceReplayTest {

    private static final double PRIOR = 0.0123456789;

    @TempDir
    private Path directory;

    @Test
    void an_export_gives_the_same_verdict_bit_for_bit() throws IOException {
        Ran ran = replay(export("{}", 4, "ROLLED_BACK"));
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out().lines().limit(4))
                .allSatisfy(line -> assertThat(line)
                        .matches("[12] (errors|latency) (rollback|halt) -?\\d+\\.\\d{10} -?\\d+\\.\\d{10} undecided"));
        assertThat(ran.out()
                        .lines()
                        .map(line -> line.split(" ")[0] + line.split(" ")[1] + line.split(" ")[2])
                        .limit(3))
                .containsExactly("1errorsrollback", "1errorshalt", "1latencyhalt");
        assertThat(ran.out().lines().toList().getLast())
                .startsWith("same verdict, bit for bit: errors rollback at tick ")
                .contains("candidate ")
                .contains("active ");
        assertThat(ran.code()).isEqualTo(6);
    }

    @Test
    void a_changed_number_is_another_verdict() throws IOException {
        ObjectNode tick = export("{}", 4, "ROLLED_BACK");
        ((ObjectNode) tick.path("ticks").path(0).path("errors")).put("n_active", 96);
        Ran ran = replay(tick);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out().lines().toList().getLast())
                .startsWith("other verdict: ")
                .contains("log_evidence");

        ObjectNode verdict = export("{}", 4, "ROLLED_BACK");
        ObjectNode crossing = (ObjectNode) verdict.path("verdict");
        crossing.put("log_evidence", Math.nextUp(crossing.path("log_evidence").doubleValue()));
        assertThat(replay(verdict).code()).isEqualTo(1);

        ObjectNode harmless = export("{}", 4, "ROLLED_BACK");
        harmless.path("ticks").forEach(one -> ((ObjectNode) one.path("errors")).put("x_canary", 0));
        assertThat(replay(harmless).out().lines().toList().getLast())
                .matches("other verdict: the export says errors rollback at tick \\d+, the replay none");

        ObjectNode hidden = export("{}", 4, "ROLLED_BACK");
        hidden.remove("verdict");
        assertThat(replay(hidden).code()).isEqualTo(1);
    }

    @Test
    void without_harm_there_is_no_verdict_and_the_code_is_0() throws IOException {
        Ran ran = replay(export("{}", 0, "PROMOTED"));
        assertThat(ran.code()).isZero();
        assertThat(ran.out().lines().toList().getLast()).isEqualTo("same verdict, bit for bit: none in 40 ticks.");
    }

    @Test
    void a_halt_that_holds_is_0_and_one_that_rolls_back_is_6() throws IOException {
        String far = "\"rollback\":{\"points\":0.99}";
        Ran held = replay(export("{" + far + "}", 4, "HELD"));
        assertThat(held.out().lines().toList().getLast()).startsWith("same verdict, bit for bit: errors halt at tick ");
        assertThat(held.code()).isZero();
        assertThat(replay(export("{" + far + ",\"on_halt\":\"rollback\"}", 4, "ROLLED_BACK"))
                        .code())
                .isEqualTo(6);
    }

    @Test
    void what_halt_limits_show_while_a_person_holds_is_no_verdict() throws IOException {
        ObjectNode held = export("{\"rollback\":{\"points\":0.99}}", 4, "HELD");
        held.remove("verdict");
        assertThat(replay(held).code()).isZero();
        assertThat(replay(held.put("state", "RUNNING")).code()).isEqualTo(1);
    }

    @Test
    void a_script_gets_one_document() throws IOException {
        JsonNode document =
                Json.parse(replay(export("{}", 4, "ROLLED_BACK"), "--json").out(), "out");
        assertThat(document.path("verdict").asString()).isEqualTo("harm");
        assertThat(document.path("same").asBoolean(false)).isTrue();
        assertThat(document.path("exported")).isEqualTo(document.path("replayed"));
        assertThat(document.path("ticks")).hasSize(120);
        assertThat(document.path("ticks").path(0).path("guardrail").asString()).isEqualTo("errors");
    }

    @Test
    void other_json_and_options_that_would_do_nothing_are_refused() throws IOException {
        assertThat(replay(Json.object().put("id", "r-1")).code()).isEqualTo(2);
        Ran ran = replay(export("{}", 4, "ROLLED_BACK"), "--prior", "0.5");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("--prior").doesNotContain("Exception");
    }

    /** Forty intervals of 100 requests, in which the candidate fails {@code bad} of ten. */
    private static ObjectNode export(String plan, long bad, String state) {
        RolloutPlan read = PlanReader.read(Json.parse(plan, "plan"));
        LimitMonitor monitor = new LimitMonitor(read, PRIOR);
        ObjectNode json = Json.object()
                .put("format", "modelward-evidence/1")
                .put("rollout", "r-1")
                .put("state", state);
        json.set("plan", PlanJson.write(read));
        json.put("error_prior", PRIOR);
        var ticks = Json.array();
        for (long number = 1; number <= 40; number++) {
            Tick counts = Tick.of(0.1, 10, bad == 0 || number < 3 ? 0 : bad, 90, 1);
            ScoredTick tick = ScoredTick.of(
                    number, 2, counts, number < 2 ? Optional.empty() : Optional.of(Tick.of(0.1, 10, 0, 90, 4)));
            monitor.add(tick);
            ticks.add(EvidenceExport.write(tick));
        }
        monitor.harm()
                .or(() -> monitor.divergence(java.util.Set.of()))
                .ifPresent(crossing -> json.set("verdict", crossing.toJson()));
        return json.set("ticks", ticks);
    }

    private Ran replay(ObjectNode export, String... options) throws IOException {
        Path file = Files.writeString(directory.resolve("evidence.json"), Json.write(export));
        String[] arguments = new String[options.length + 3];
        arguments[0] = "rollout";
        arguments[1] = "replay";
        arguments[2] = file.toString();
        System.arraycopy(options, 0, arguments, 3, options.length);
        return Ran.modelward(arguments);
    }
}
