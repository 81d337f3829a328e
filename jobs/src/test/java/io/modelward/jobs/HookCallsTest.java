package io.modelward.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.job.JobName;
import io.modelward.core.job.JobPlanReader;
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

    @Test
    void a_signed_call_starts_a_run_once() {
        Server server = servers.getFirst();
        ObjectNode plan = (ObjectNode) Json.parse(
                "{\"model\":\"iris\",\"command\":[\"x\"],\"code\":{\"archive\":\"" + archive + "\"}}", "plan");
        String key = server.services
                .jobs
                .create(
                        WEEKLY,
                        JobPlanReader.read(plan),
                        new JobService.Wish(Optional.empty(), Optional.of(true)),
                        ADA,
                        "")
                .hookKey()
                .orElseThrow();
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        String at = Long.toString(server.now.getEpochSecond());
        String hex =
                HexFormat.of().formatHex(HookSignature.hmac(key, (at + ".").getBytes(StandardCharsets.UTF_8), body));
        Optional<String> own = Optional.of("t=" + at + ",v1=" + hex);
        RunView run = server.services.hooks.call(WEEKLY, body, own, Optional.empty(), Optional.empty());
        assertThat(server.services
                        .hooks
                        .call(WEEKLY, body, own, Optional.empty(), Optional.empty())
                        .run()
                        .id())
                .isEqualTo(run.run().id());
        assertThat(runs()).hasSize(1);
        for (Optional<String> wrong : List.of(
                Optional.<String>empty(), Optional.of("t=" + at + ",v1=" + "0".repeat(64)), Optional.of("v1=" + hex))) {
            assertThatThrownBy(
                            () -> server.services.hooks.call(WEEKLY, body, wrong, Optional.empty(), Optional.empty()))
                    .isInstanceOf(ProblemException.class);
        }
        assertThatThrownBy(() -> server.services.hooks.call(
                        WEEKLY, "{ }".getBytes(StandardCharsets.UTF_8), own, Optional.empty(), Optional.empty()))
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> server.services.hooks.call(
                        JobName.parse("other"), body, own, Optional.empty(), Optional.empty()))
                .isInstanceOf(ProblemException.class);
        // The time of the call is past.
        server.pass(Duration.ofMinutes(6));
        assertThatThrownBy(() -> server.services.hooks.call(WEEKLY, body, own, Optional.empty(), Optional.empty()))
                .isInstanceOf(ProblemException.class);
    }
}
