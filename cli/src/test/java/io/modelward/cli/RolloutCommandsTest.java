package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Help.Ansi;
import tools.jackson.databind.node.ObjectNode;

class RolloutCommandsTest {

    private final FakeServer server = new FakeServer();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void a_start_sends_the_whole_plan_under_a_key_of_its_own() {
        server.answering(_ -> answer(RolloutDocuments.rollout("LOADING")));
        Ran ran = rollout("start iris team/iris@^1.1 --steps 5,12.5,100 --min-dwell 5s --min-samples 20 --gate"
                + " no-harm,approval,non-inferior"
                + " --bake 10m --holdback 2 --rollback-points 0.05 --rollback-ratio 1.2 --rollback-alpha"
                + " 0.001 --halt-points 0.02 --halt-ratio 1"
                + " --halt-alpha 0.1 --latency-quantile 0.99 --latency-tolerance 0.5 --on-halt rollback"
                + " --on-inconclusive promote"
                + " --step-timeout 2h --evidence-deadline 1s --incident-rate 0.2 --strategy canary"
                + " --supersede --expected-revision 7 --reason r");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
        FakeServer.Asked start = server.asked().getFirst();
        assertThat(start.method() + " " + start.target()).isEqualTo("POST /api/v1/endpoints/iris/rollouts");
        assertThat(start.headers().getFirst("Idempotency-Key")).hasSizeGreaterThan(20);
        assertThat(start.body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(
                        "{\"candidate\":\"^1.1\",\"model\":\"team/iris\",\"strategy\":\"canary\",\"steps\":[5,12.5,100],\"min_dwell\":\"5s\","
                                + "\"min_samples\":20,\"gate\":[\"no-harm\",\"approval\",\"non-inferior\"],\"bake\":\"10m\",\"holdback\":2.0,"
                                + "\"rollback\":{\"ratio\":1.2,\"points\":0.05,\"alpha\":0.001},\"halt\":{\"ratio\":1.0,\"points\":0.02,\"alpha\":0.1},"
                                + "\"latency\":{\"quantile\":0.99,\"tolerance\":0.5},\"on_halt\":\"rollback\",\"on_inconclusive\":\"promote\","
                                + "\"step_timeout\":\"2h\",\"evidence_deadline\":\"1s\",\"incident_rate\":0.2,\"supersede\":true,"
                                + "\"expected_revision\":7,\"reason\":\"r\"}");
        rollout("start iris 1.1.0");
        assertThat(server.asked().get(1).body()).asString().isEqualTo("{\"candidate\":\"1.1.0\"}");
        rollout("start iris 1.1.0 --no-latency");
        assertThat(server.asked().get(2).body()).asString().contains("\"latency\":false");
        assertThat(server.asked().stream()
                        .map(asked -> asked.headers().getFirst("Idempotency-Key"))
                        .distinct())
                .hasSize(3);
    }

    @Test
    void a_start_says_the_id_the_limits_and_what_they_see() {
        server.answering(_ -> answer(RolloutDocuments.rollout("LOADING")));
        assertThat(rollout("start iris 1.1.0").out().lines())
                .contains(
                        "Started rollout r-89abcdef01234567 of endpoint iris: default/iris from 1.0.0 to 1.1.0, canary",
                        "  state           LOADING",
                        "  step            1 of 4 (5, 25, 50, 100 %), gate no-harm",
                        "  reason          retrained",
                        "Limits in force",
                        "  - Rolls back when it is proven that the candidate's error rate exceeds the active",
                        "    version's by more than 5 points.",
                        "What they see",
                        "Watch it: modelward rollout status r-89abcdef01234567 --watch");
        assertThat(Json.parse(rollout("start iris 1.1.0 --json").out(), "out"))
                .isEqualTo(RolloutDocuments.rollout("LOADING"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--steps 5,x",
                "--steps 25,5",
                "--steps 0",
                "--steps ,",
                "--min-dwell soon",
                "--min-samples x",
                "--min-samples -1",
                "--gate vibes",
                "--gate no-harm,approval",
                "--bake 1y",
                "--holdback 60",
                "--rollback-points 2",
                "--rollback-alpha 0",
                "--halt-ratio x",
                "--latency-quantile 0.9",
                "--latency-tolerance -1",
                "--no-latency --latency-tolerance 1",
                "--on-halt panic",
                "--on-inconclusive panic",
                "--step-timeout 5",
                "--evidence-deadline 1h",
                "--incident-rate 2",
                "--strategy ab",
                "--expected-revision x"
            })
    void a_plan_that_cannot_be_meant_is_a_mistake_in_its_option(String options) {
        Ran ran = rollout("start iris 1.1.0 " + options);
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains(options.split(" ")[0]).doesNotContain("Exception");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void the_status_is_a_picture_with_the_evidence_of_each_limit() {
        server.answering(asked -> answer(
                asked.target().contains("/endpoints/")
                        ? list(RolloutDocuments.rollout("RUNNING"))
                        : RolloutDocuments.rollout("RUNNING")));
        Ran ran = rollout("status iris");
        assertThat(ran.code()).isZero();
        assertThat(server.asked())
                .extracting(FakeServer.Asked::target)
                .containsExactly(
                        "/api/v1/endpoints/iris/rollouts?page_size=100", "/api/v1/rollouts/r-89abcdef01234567");
        assertThat(ran.out().lines())
                .containsExactly(
                        "Rollout r-89abcdef01234567 of endpoint iris: default/iris from 1.0.0 to 1.1.0, canary",
                        "  state           RUNNING",
                        "  why             Step 1 of 4: the candidate gets 5 % of the requests.",
                        "  step            1 of 4 (5, 25, 50, 100 %), gate no-harm",
                        "  traffic         5% to the candidate",
                        "  dwell           3.2s of at least 5s",
                        "  samples         43 of at least 100",
                        "  started         2026-11-24T14:34:30Z by ann (unverified)",
                        "  reason          retrained",
                        "",
                        "  ARM        VERSION  REQUESTS  FAILED  ERROR RATE",
                        "  candidate  1.1.0          43       3       6.98%",
                        "  active     1.0.0         900       9          1%",
                        "",
                        "  LIMIT            MARGIN               EVIDENCE              NOW    AT",
                        "  errors rollback  5 points             [#######---------]   2.30  4.61",
                        "  errors halt      1.5 times + 1 point  [################]   2.50  3.00  crossed",
                        "  latency halt     1 point              [----------------]  -0.40  3.00");
    }

    @Test
    void a_status_of_what_was_rolled_back_has_its_verdict_and_is_0() {
        server.answering(_ -> answer(RolloutDocuments.rolledBack()));
        Ran ran = rollout("status " + RolloutDocuments.ID);
        assertThat(ran.code()).isZero();
        assertThat(ran.out().lines())
                .contains(
                        "  verdict         as above",
                        "  affected        9 requests, 0.954% of the traffic",
                        "  traffic gone    412 microseconds after harm was seen");
        assertThat(Json.parse(
                        rollout("status " + RolloutDocuments.ID + " --json").out(), "out"))
                .isEqualTo(RolloutDocuments.rolledBack());
    }

    @ParameterizedTest
    @CsvSource({"PROMOTED, 0", "ROLLED_BACK, 6", "LOAD_FAILED, 5", "SUPERSEDED, 1", "CANCELLED, 1"})
    void watching_ends_with_a_line_for_each_change_and_a_code_for_how_it_ended(String state, int code) {
        ObjectNode ended = RolloutDocuments.rollout(state).put("reason", "Over.");
        server.answering(_ -> stream(
                RolloutDocuments.rollout("RUNNING"),
                RolloutDocuments.rollout("RUNNING").put("samples", 44),
                RolloutDocuments.held("manual"),
                ended));
        Ran ran = rollout("status " + RolloutDocuments.ID + " --watch");
        assertThat(ran.code()).isEqualTo(code);
        assertThat(ran.out().lines())
                .containsExactly(
                        "2026-11-24T14:34:33Z RUNNING step 1 of 4, 5% to 1.1.0: Step 1 of 4: the candidate gets 5"
                                + " % of the requests.",
                        "2026-11-24T14:34:33Z HELD (manual) step 1 of 4, 5% to 1.1.0: Held by ann.",
                        "2026-11-24T14:34:33Z " + state + " step 1 of 4, 5% to 1.1.0: Over.");
        Ran script = rollout("status " + RolloutDocuments.ID + " --watch --json");
        assertThat(script.code()).isEqualTo(code);
        assertThat(Json.parse(script.out(), "out")).isEqualTo(ended);
        assertThat(script.err().lines()).hasSize(3);
    }

    @Test
    void a_start_can_be_watched_to_its_end() {
        server.answering(asked -> asked.method().equals("POST")
                ? answer(RolloutDocuments.rollout("LOADING"))
                : stream(RolloutDocuments.rollout("RUNNING"), RolloutDocuments.rolledBack()));
        Ran ran = rollout("start iris 1.1.0 --watch");
        assertThat(ran.code()).isEqualTo(6);
        assertThat(ran.out()).contains("Limits in force").contains("ROLLED_BACK step 1 of 4, 0% to 1.1.0");
        Ran script = rollout("start iris 1.1.0 --watch --json");
        assertThat(script.code()).isEqualTo(6);
        assertThat(Json.parse(script.out(), "out")).isEqualTo(RolloutDocuments.rolledBack());
    }

    @Test
    void a_terminal_sees_one_picture_that_is_drawn_again() {
        StringWriter text = new StringWriter();
        RolloutWatching watching =
                new RolloutWatching(new Out(new PrintWriter(text), new PrintWriter(text), Ansi.ON, false), true);
        watching.accept(RolloutDocuments.rollout("RUNNING"));
        watching.accept(RolloutDocuments.held("manual"));
        int height = RolloutShow.status(RolloutDocuments.rollout("RUNNING")).size();
        assertThat(text.toString())
                .startsWith("\u001b[?7l\u001b[JRollout r-")
                .contains("\u001b[?7h\u001b[?7l\u001b[" + height + "A\r\u001b[JRollout r-")
                .endsWith("\u001b[?7h");
    }

    @Test
    void an_order_to_an_endpoint_goes_to_the_rollout_that_is_at_work() {
        ObjectNode queued = RolloutDocuments.rollout("QUEUED").put("id", "r-8000000000000001");
        server.answering(asked -> answer(
                asked.method().equals("GET")
                        ? list(queued, RolloutDocuments.rollout("RUNNING"))
                        : RolloutDocuments.held("manual")));
        for (String order : List.of("hold", "resume", "promote", "abort")) {
            Ran ran = rollout(order + " iris --reason because");
            assertThat(ran.code()).isZero();
            assertThat(ran.out().lines())
                    .containsExactly(
                            "Rollout r-89abcdef01234567 of endpoint iris is HELD",
                            "  why             Held by ann.",
                            "  traffic         5% to 1.1.0");
            FakeServer.Asked told = server.asked().getLast();
            assertThat(told.target()).isEqualTo("/api/v1/rollouts/r-89abcdef01234567/" + order);
            assertThat(told.body()).asString().isEqualTo("{\"reason\":\"because\"}");
            assertThat(rollout(order + " iris").code()).isEqualTo(2);
        }
        rollout("abort r-8000000000000001 --reason because");
        assertThat(server.asked().getLast().target()).isEqualTo("/api/v1/rollouts/r-8000000000000001/abort");
    }

    @Test
    void an_endpoint_without_a_rollout_says_so() {
        server.answering(_ -> FakeServer.json(200, "{\"rollouts\":[]}"));
        for (String command : List.of("status iris", "status iris --watch", "hold iris --reason r", "export iris")) {
            Ran ran = rollout(command);
            assertThat(ran.code()).isEqualTo(3);
            assertThat(ran.err()).contains("Endpoint iris had no rollout yet.");
        }
        assertThat(rollout("list iris").out()).contains("had no rollout yet");
    }

    @Test
    void rollouts_and_quarantines_are_tables() {
        server.answering(_ -> answer(list(RolloutDocuments.rolledBack())));
        assertThat(rollout("list iris --limit 5").out().lines())
                .containsExactly(
                        "NO  ID                  STATE        FROM   TO     STEP  TRAFFIC  STARTED              "
                                + " BY                WHY",
                        " 2  r-89abcdef01234567  ROLLED_BACK  1.0.0  1.1.0   1/4       0%  2026-11-24T14:34:30Z "
                                + " ann (unverified)  1.1.0 failed 9 of 43.");
        server.answering(_ -> FakeServer.json(200, """
                {"quarantine":[{"model":"default/iris","version":"1.1.0","digest":"sha256:ab","rollout":"r-1",
                 "since":"2026-11-24T14:34:33.6Z","why":"It failed."}]}"""));
        assertThat(rollout("quarantine iris").out().lines())
                .containsExactly(
                        "VERSION             SINCE                 ROLLOUT  WHY",
                        "default/iris@1.1.0  2026-11-24T14:34:33Z  r-1      It failed.");
        server.answering(_ -> FakeServer.json(200, "{\"quarantine\":[]}"));
        assertThat(rollout("release iris 1.1.0 --reason understood").out().lines())
                .containsExactly(
                        "Version 1.1.0 may serve endpoint iris again.",
                        "No version is in quarantine on endpoint iris.");
        assertThat(server.asked().getLast().body())
                .asString()
                .isEqualTo("{\"version\":\"1.1.0\",\"reason\":\"understood\"}");
        assertThat(rollout("release iris ^1 --reason r").code()).isEqualTo(2);
    }

    @Test
    void evidence_goes_to_a_file_or_to_the_standard_output(@TempDir Path directory) throws IOException {
        String text = "{\"format\":\"modelward-evidence/1\", \"ticks\":[]}";
        server.answering(_ -> FakeServer.json(200, text));
        Path file = directory.resolve("evidence.json");
        Ran ran = rollout("export " + RolloutDocuments.ID + " -o " + file);
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).startsWith("Wrote the evidence of rollout r-89abcdef01234567 to ");
        assertThat(file).content().isEqualTo(text);
        assertThat(rollout("export " + RolloutDocuments.ID).out()).isEqualToIgnoringNewLines(text);
        assertThat(rollout("export " + RolloutDocuments.ID + " --json").out()).isEqualToIgnoringNewLines(text);
    }

    @Test
    void a_prediction_can_carry_a_key() {
        Ran.modelward(server, "predict", "iris", "[[1]]", "--key", "user-7");
        assertThat(server.asked().getFirst().body()).asString().isEqualTo("{\"instances\":[[1]],\"key\":\"user-7\"}");
    }

    @Test
    void a_list_of_endpoints_shows_a_candidate_with_its_share() {
        server.answering(_ -> FakeServer.json(200, """
                {"endpoints":[{"endpoint":"iris","state":"SERVING","model":"default/iris","model_version":"1.0.0","revision":3,
                 "arms":[{"version":"1.0.0","role":"active","weight":9950},{"version":"1.1.0","role":"canary","weight":50}]}]}"""));
        assertThat(Ran.modelward(server, "endpoint", "list").out())
                .contains("default/iris@1.0.0, candidate 1.1.0 0.5%");
        server.answering(_ -> FakeServer.json(200, """
                {"endpoint":"iris","state":"SERVING","model":"default/iris","model_version":"1.0.0","revision":3,
                 "arms":[{"version":"1.0.0","role":"active","weight":9950},{"version":"1.1.0","role":"canary","weight":50}]}"""));
        assertThat(Ran.modelward(server, "endpoint", "show", "iris").out())
                .containsPattern("candidate +1\\.1\\.0 +0\\.5%");
    }

    @Test
    void a_trace_tells_of_the_rollout_that_gave_the_candidate_its_share() {
        server.answering(_ -> FakeServer.json(
                200,
                "{\"prediction\":{},\"version\":{},\"route\":{},\"rollout\":"
                        + Json.write(RolloutDocuments.rolledBack()) + "}"));
        assertThat(Ran.modelward(server, "trace", "p-1").out().lines())
                .containsSequence(
                        "Rollout r-89abcdef01234567 from 1.0.0 to 1.1.0",
                        "  step            1 of 4",
                        "  state now       ROLLED_BACK",
                        "  verdict         1.1.0 failed 9 of 43.",
                        "  started         2026-11-24T14:34:30Z by ann (unverified)");
    }

    private Ran rollout(String line) {
        String[] arguments = ("rollout " + line).split(" ");
        return Ran.modelward(server, arguments);
    }

    private static ObjectNode list(ObjectNode... rollouts) {
        ObjectNode json = Json.object();
        json.putArray("rollouts").addAll(List.of(rollouts));
        return json;
    }

    private static FakeServer.Told answer(ObjectNode json) {
        return FakeServer.json(200, Json.write(json));
    }

    private static FakeServer.Told stream(ObjectNode... rollouts) {
        String events =
                Arrays.stream(rollouts).map(RolloutDocuments::event).collect(Collectors.joining(": nothing new\n\n"));
        return new FakeServer.Told(200, "text/event-stream", events.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void what_has_answered_nothing_is_promoted_by_its_id_only() {
        server.answering(asked -> answer(
                asked.target().contains("/endpoints/")
                        ? list(RolloutDocuments.rollout("RUNNING").put("samples", 0))
                        : RolloutDocuments.rollout("PROMOTED")));
        Ran refused = rollout("promote iris --reason sure");
        assertThat(refused.code()).isEqualTo(4);
        assertThat(refused.err()).contains(RolloutDocuments.ID).contains("name it by its id");
        assertThat(server.asked()).hasSize(1);
        assertThat(rollout("promote " + RolloutDocuments.ID + " --reason sure").code())
                .isZero();
    }

    @Test
    void the_status_names_what_waits_behind_the_one_at_work() {
        server.answering(asked -> answer(
                asked.target().contains("/endpoints/")
                        ? list(
                                RolloutDocuments.rollout("QUEUED")
                                        .put("id", "r-0000000000000001")
                                        .put("candidate", "1.2.0"),
                                RolloutDocuments.rollout("RUNNING"))
                        : RolloutDocuments.rollout("RUNNING")));
        Ran ran = rollout("status iris");
        assertThat(ran.out()).contains("Rollout " + RolloutDocuments.ID).contains("r-0000000000000001 (1.2.0)");
    }
}
