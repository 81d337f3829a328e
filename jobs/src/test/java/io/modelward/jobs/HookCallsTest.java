package io.modelward.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.job.JobName;
import io.modelward.core.job.JobPlanReader;
import io.modelward.core.job.JobRunState;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.jobs.JobView.RunView;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Signed calls that start jobs. */
class HookCallsTest extends JobsFixture {

    private String hooked(Server server) {
        ObjectNode plan = (ObjectNode) Json.parse(
                "{\"model\":\"iris\",\"command\":[\"x\"],\"code\":{\"archive\":\"" + archive + "\"}}", "plan");
        return server.services
                .jobs
                .create(
                        WEEKLY,
                        JobPlanReader.read(plan),
                        new JobService.Wish(Optional.empty(), Optional.of(true)),
                        ADA,
                        "")
                .hookKey()
                .orElseThrow();
    }

    @Test
    void a_signed_call_starts_a_run_once() {
        Server server = servers.getFirst();
        String key = hooked(server);
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        String at = Long.toString(server.now.getEpochSecond());
        String hex =
                HexFormat.of().formatHex(HookSignature.hmac(key, (at + ".").getBytes(StandardCharsets.UTF_8), body));
        Optional<String> own = Optional.of("t=" + at + ",v1=" + hex);
        RunView run = server.services.hooks.call(WEEKLY, body, own, Optional.empty());
        assertThat(server.services
                        .hooks
                        .call(WEEKLY, body, own, Optional.empty())
                        .run()
                        .id())
                .isEqualTo(run.run().id());
        assertThat(runs()).hasSize(1);
        for (Optional<String> wrong : List.of(
                Optional.<String>empty(), Optional.of("t=" + at + ",v1=" + "0".repeat(64)), Optional.of("v1=" + hex))) {
            assertThatThrownBy(() -> server.services.hooks.call(WEEKLY, body, wrong, Optional.empty()))
                    .isInstanceOf(ProblemException.class);
        }
        assertThatThrownBy(() -> server.services.hooks.call(
                        WEEKLY, "{ }".getBytes(StandardCharsets.UTF_8), own, Optional.empty()))
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> server.services.hooks.call(JobName.parse("other"), body, own, Optional.empty()))
                .isInstanceOf(ProblemException.class);
        // The time of the call is past.
        server.pass(Duration.ofMinutes(6));
        byte[] signed = (at + ".{}").getBytes(StandardCharsets.UTF_8);
        assertThat(server.services
                        .hooks
                        .call(WEEKLY, signed, Optional.empty(), Optional.of("sha256=" + hex))
                        .run()
                        .id())
                .as("what was signed with a time, sent as if it had none")
                .isEqualTo(run.run().id());
        assertThatThrownBy(() -> server.services.hooks.call(WEEKLY, body, own, Optional.empty()))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void a_call_that_is_sent_again_starts_nothing_also_at_another_server_and_after_a_start_anew() throws Exception {
        String key = hooked(servers.getFirst());
        byte[] push = "{\"ref\":\"main\"}".getBytes(StandardCharsets.UTF_8);
        Optional<String> hub =
                Optional.of("sha256=" + HexFormat.of().formatHex(HookSignature.hmac(key, new byte[0], push)));
        RunView run = servers.getFirst().services.hooks.call(WEEKLY, push, Optional.empty(), hub);
        servers.getFirst().round();
        servers.getFirst().runner.last().end(1);
        servers.getFirst().ended(run.run().id());
        Server other = new Server(2);
        other.pass(Duration.ofDays(1));
        RunView again = other.services.hooks.call(WEEKLY, push, Optional.empty(), hub);
        assertThat(again.run().id()).isEqualTo(run.run().id());
        assertThat(again.run().progress().state()).isEqualTo(JobRunState.FAILED);
        byte[] next = "{\"ref\":\"main\",\"after\":1}".getBytes(StandardCharsets.UTF_8);
        other.services.hooks.call(
                WEEKLY,
                next,
                Optional.empty(),
                Optional.of("sha256=" + HexFormat.of().formatHex(HookSignature.hmac(key, new byte[0], next))));
        assertThat(runs()).hasSize(2);
    }
}
