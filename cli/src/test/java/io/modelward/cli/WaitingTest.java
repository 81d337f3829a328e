package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that wait, and commands that are given again. */
class WaitingTest {

    private final CountDownLatch over = new CountDownLatch(1);
    private final FakeServer server = new FakeServer();

    @AfterEach
    void close() {
        over.countDown();
        server.close();
    }

    private FakeServer.Told never() {
        try {
            over.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return FakeServer.json(200, "{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flip iris 1.1.0 --reason r",
                "rollback iris --reason r",
                "endpoint create iris iris@1.0.0",
                "rollout status r-89abcdef01234567 --watch"
            })
    void a_command_waits_no_longer_than_its_timeout_and_says_what_goes_on(String line) {
        server.answering(_ -> never());
        Ran ran = Ran.modelward(server, (line + " --timeout 50ms").split(" "));
        assertThat(ran.code()).isEqualTo(8);
        assertThat(ran.err()).contains("Not done after 50ms.").containsPattern("goes on");
    }

    @Test
    void a_command_that_is_done_in_time_is_as_without_a_timeout() {
        server.answering(_ -> FakeServer.json(200, "{\"endpoint\":\"iris\",\"state\":\"SERVING\"}"));
        assertThat(Ran.modelward(server, "flip", "iris", "1.1.0", "--reason", "r", "--timeout", "60s")
                        .code())
                .isZero();
        server.answering(_ -> FakeServer.json(409, "{\"detail\":\"No.\"}"));
        assertThat(Ran.modelward(server, "flip", "iris", "1.1.0", "--reason", "r", "--timeout", "60s")
                        .code())
                .isEqualTo(4);
        assertThat(Ran.modelward(server, "flip", "iris", "1.1.0", "--reason", "r", "--timeout", "soon")
                        .code())
                .isEqualTo(2);
    }

    @Test
    void a_timeout_without_watch_is_a_mistake() {
        for (String line : new String[] {"start iris 1.1.0", "status iris"}) {
            Ran ran = Ran.modelward(server, ("rollout " + line + " --timeout 5m").split(" "));
            assertThat(ran.code()).isEqualTo(2);
            assertThat(ran.err()).contains("--watch");
        }
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void a_start_of_what_serves_already_is_done() {
        server.answering(this::servesAlready);
        Ran ran = Ran.modelward(server, "rollout", "start", "iris", "^1", "--watch");
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).isEqualToIgnoringNewLines("default/iris@1.1.0 serves endpoint iris already.");
        Ran script = Ran.modelward(server, "rollout", "start", "iris", "^1", "--json");
        assertThat(script.code()).isZero();
        assertThat(Json.parse(script.out(), "out").path("state").asString()).isEqualTo("SERVES_ALREADY");
    }

    @Test
    void any_other_conflict_stays_one() {
        server.answering(asked -> asked.method().equals("POST")
                ? FakeServer.json(409, "{\"status\":409,\"detail\":\"Another revision is current.\"}")
                : asked.target().contains("/resolve")
                        ? FakeServer.json(200, "{\"version\":\"1.2.0\"}")
                        : FakeServer.json(
                                200, "{\"model\":\"default/iris\",\"model_version\":\"1.1.0\",\"state\":\"SERVING\"}"));
        Ran ran = Ran.modelward(server, "rollout", "start", "iris", "1.2.0");
        assertThat(ran.code()).isEqualTo(4);
        assertThat(ran.err()).contains("Another revision is current.");
    }

    private FakeServer.Told servesAlready(FakeServer.Asked asked) {
        if (asked.method().equals("POST")) {
            return FakeServer.json(409, "{\"status\":409,\"detail\":\"It serves already.\"}");
        }
        return asked.target().contains("/resolve")
                ? FakeServer.json(200, "{\"version\":\"1.1.0\"}")
                : FakeServer.json(
                        200, "{\"model\":\"default/iris\",\"model_version\":\"1.1.0\",\"state\":\"SERVING\"}");
    }

    @Test
    void a_start_of_what_is_being_rolled_out_follows_that_rollout() {
        server.answering(asked -> {
            if (asked.method().equals("POST")) {
                return FakeServer.json(
                        409, "{\"detail\":\"It is being rolled out.\",\"rollout\":\"" + RolloutDocuments.ID + "\"}");
            }
            if (asked.target().endsWith("/events")) {
                return new FakeServer.Told(
                        200,
                        "text/event-stream",
                        RolloutDocuments.event(RolloutDocuments.rolledBack()).getBytes(StandardCharsets.UTF_8));
            }
            return asked.target().contains("/rollouts/")
                    ? FakeServer.json(200, Json.write(RolloutDocuments.rollout("RUNNING")))
                    : FakeServer.json(200, "{\"version\":\"1.1.0\",\"model\":\"default/iris\"}");
        });
        Ran ran = Ran.modelward(server, "rollout", "start", "iris", "1.1.0", "--watch");
        assertThat(ran.code()).isEqualTo(6);
        assertThat(ran.out())
                .contains("default/iris@1.1.0 is being rolled out already.")
                .contains("ROLLED_BACK");
    }

    @Test
    void a_version_in_quarantine_is_refused_with_the_same_code_each_time() {
        server.answering(_ ->
                FakeServer.json(409, "{\"detail\":\"It was rolled back: the story.\",\"quarantined_by\":\"r-1\"}"));
        for (String line : new String[] {"rollout start iris 1.1.0 --watch", "flip iris 1.1.0 --reason r"}) {
            Ran ran = Ran.modelward(server, line.split(" "));
            assertThat(ran.code()).isEqualTo(6);
            assertThat(ran.err()).contains("the story");
        }
    }

    @Test
    void what_a_person_took_back_is_told_from_what_evidence_took_back() {
        String reason = "Aborted in step 1 of 4 by ann: wrong one";
        assertThat(RolloutShow.state(RolloutDocuments.rollout("ROLLED_BACK").put("reason", reason)))
                .isEqualTo("ABORTED");
        assertThat(RolloutShow.state(RolloutDocuments.rolledBack().put("reason", "1.1.0 failed")))
                .isEqualTo("ROLLED_BACK");
        assertThat(RolloutShow.state(RolloutDocuments.rollout("ROLLED_BACK").put("reason", "Step 1 is undecided")))
                .isEqualTo("ROLLED_BACK");
        assertThat(RolloutShow.state(RolloutDocuments.rollout("RUNNING"))).isEqualTo("RUNNING");
    }
}
