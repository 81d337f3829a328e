package io.modelward.core.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** What is wrong in the plan of a job is named with the member and the limit. */
class JobPlanReaderTest {

    private static ObjectNode plan() {
        return (ObjectNode) Json.parse(
                "{\"model\":\"iris\",\"command\":[\"x\"],\"code\":{\"archive\":\"sha256:" + "0".repeat(64) + "\"}}",
                "plan");
    }

    @Test
    void limits_have_defaults_and_are_read_up_to_their_ends() {
        JobPlan usual = JobPlanReader.read(plan());
        assertThat(usual.memory()).isEqualTo(4L << 30);
        assertThat(usual.disk()).isEqualTo(2L << 30);
        JobPlan ends = JobPlanReader.read(plan().put("memory", 1L << 40).put("disk", 1L << 20));
        assertThat(ends.memory()).isEqualTo(1L << 40);
        assertThat(ends.disk()).isEqualTo(1L << 20);
    }

    @Test
    void a_limit_out_of_range_names_the_whole_range() {
        String memory = "memory is a number of bytes from 268435456 (256 MiB) to 1099511627776 (1 TiB).";
        String disk = "disk is a number of bytes from 1048576 (1 MiB) to 1099511627776 (1 TiB).";
        for (Map.Entry<String, String> wrong : Map.of(
                        "{\"memory\":1}", memory,
                        "{\"memory\":1099511627777}", memory,
                        "{\"memory\":\"4g\"}", memory,
                        "{\"memory\":-1}", memory,
                        "{\"disk\":0}", disk,
                        "{\"disk\":1e30}", disk)
                .entrySet()) {
            ObjectNode plan = plan();
            plan.setAll((ObjectNode) Json.parse(wrong.getKey(), "wrong"));
            assertThatThrownBy(() -> JobPlanReader.read(plan))
                    .as(wrong.getKey())
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining(wrong.getValue());
        }
    }

    @Test
    void a_text_that_is_too_long_is_told_the_length() {
        assertThatThrownBy(() -> JobPlanReader.read(plan().put("schedule", "x".repeat(8193))))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("schedule is a text of at most 8192 characters.");
    }
}
