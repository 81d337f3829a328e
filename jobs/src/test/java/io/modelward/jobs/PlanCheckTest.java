package io.modelward.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.job.JobPlanReader;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a plan names is looked at when the job is made or changed. */
class PlanCheckTest extends JobsFixture {

    private static JobService.Wish nothing() {
        return new JobService.Wish(Optional.empty(), Optional.empty());
    }

    private String uploaded(String content) throws IOException {
        try (JobUploads.Upload upload = servers.getFirst().services.uploads.begin()) {
            upload.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
            return upload.finish().digest().toString();
        }
    }

    private static String plan(String code, String more) {
        return "{\"model\":\"iris\",\"command\":[\"x\"],\"code\":{\"archive\":" + code + "}" + more + "}";
    }

    @Test
    void what_is_wrong_is_told_with_the_field_before_anything_runs() throws Exception {
        JobService jobs = servers.getFirst().services.jobs;
        String zip = "\"" + archive + "\"";
        String noZip = "\"" + uploaded("print('train')") + "\"";
        String empty = "\"" + uploaded("") + "\"";
        String absent = "\"sha256:" + "0".repeat(64) + "\"";
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put(plan(noZip, ""), "code.archive");
        wrong.put(plan(empty, ""), "code.archive");
        wrong.put(plan(absent, ""), "code.archive");
        wrong.put(plan(zip + ",\"size\":3", ""), "code.size");
        wrong.put(plan(zip, ",\"data\":[{\"name\":\"a\",\"sha256\":" + noZip + ",\"size\":1}]"), "data[0].size");
        wrong.put(plan(zip, ",\"data\":[{\"name\":\"a\",\"sha256\":" + absent + "}]"), "data[0].sha256");
        wrong.put(plan(zip, ",\"requirements\":[\"--none\"]"), "requirements");
        jobs.create(WEEKLY, JobPlanReader.read(Json.parse(plan(zip + ",\"size\":14", ""), "plan")), nothing(), ADA, "");
        wrong.forEach((plan, field) -> {
            for (boolean making : new boolean[] {true, false}) {
                assertThatThrownBy(() -> {
                            var read = JobPlanReader.read(Json.parse(plan, "plan"));
                            if (making) {
                                jobs.create(io.modelward.core.job.JobName.parse("other"), read, nothing(), ADA, "");
                            } else {
                                jobs.update(WEEKLY, read, nothing(), OptionalLong.empty(), ADA, "");
                            }
                        })
                        .as(plan)
                        .isInstanceOfSatisfying(
                                ProblemException.class,
                                problem -> assertThat(problem.problem().field()).contains(field));
            }
        });
        assertThat(catalog.<Long>read(tx -> tx.jobs().count())).isEqualTo(1);
    }
}
