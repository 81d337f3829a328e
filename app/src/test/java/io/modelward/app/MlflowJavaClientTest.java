package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.RunsPage;

/** MLflow's own client for Java, unmodified. */
@Tag("process")
class MlflowJavaClientTest {

    @TempDir
    static Path directory;

    private static ServerProcess server;
    private static MlflowClient client;

    @BeforeAll
    static void start() throws Exception {
        server = ServerProcess.start(directory, "");
        client = new MlflowClient(server.address());
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        server.close();
    }

    private static Map<String, Double> metrics(Run run) {
        return run.getData().getMetricsList().stream().collect(Collectors.toMap(Metric::getKey, Metric::getValue));
    }

    @Test
    void experiments_are_made_tagged_found_deleted_and_restored() {
        String id = client.createExperiment("java experiments");
        client.setExperimentTag(id, "team", "blue");
        assertThat(client.getExperimentByName("java experiments")
                        .orElseThrow()
                        .getTags(0)
                        .getValue())
                .isEqualTo("blue");
        client.renameExperiment(id, "java experiments later");
        client.deleteExperiment(id);
        assertThat(client.getExperiment(id).getLifecycleStage()).isEqualTo("deleted");
        client.restoreExperiment(id);
        assertThat(client.searchExperiments("name = 'java experiments later'").getItems())
                .hasSize(1);
        assertThat(client.getExperimentByName("java experiments")).isEmpty();
    }

    // Deprecated there, and still called by people.
    @SuppressWarnings("deprecation")
    @Test
    void what_runs_log_is_read_and_searched() {
        String experiment = client.createExperiment("java runs");
        RunInfo first = client.createRun(experiment);
        client.logParam(first.getRunId(), "depth", "3");
        client.logMetric(first.getRunId(), "accuracy", 0.5, 1000, 1);
        client.logMetric(first.getRunId(), "accuracy", 0.9, 2000, 2);
        client.setTag(first.getRunId(), "kind", "tree");
        client.setTerminated(first.getRunId(), RunStatus.FINISHED, 3000);
        RunInfo second = client.createRun(experiment);
        Metric nothing = Metric.newBuilder()
                .setKey("loss")
                .setValue(Double.NaN)
                .setTimestamp(1)
                .setStep(-3)
                .build();
        client.logBatch(
                second.getRunId(),
                List.of(
                        nothing,
                        nothing.toBuilder().setKey("accuracy").setValue(0.7).build()),
                List.of(Param.newBuilder().setKey("depth").setValue("4").build()),
                List.of(RunTag.newBuilder().setKey("kind").setValue("forest").build()));
        Run read = client.getRun(first.getRunId());
        assertThat(read.getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
        assertThat(read.getInfo().getEndTime()).isEqualTo(3000);
        assertThat(metrics(read)).containsExactly(Map.entry("accuracy", 0.9));
        assertThat(metrics(client.getRun(second.getRunId()))).containsEntry("loss", Double.NaN);
        assertThat(client.getMetricHistory(first.getRunId(), "accuracy"))
                .extracting(Metric::getValue)
                .containsExactly(0.5, 0.9);
        RunsPage page = client.searchRuns(
                List.of(experiment),
                "metrics.accuracy > 0.6",
                ViewType.ACTIVE_ONLY,
                1,
                List.of("metrics.accuracy DESC"));
        assertThat(page.getItems()).extracting(run -> run.getInfo().getRunId()).containsExactly(first.getRunId());
        assertThat(page.getNextPage().getItems())
                .extracting(run -> run.getInfo().getRunId())
                .containsExactly(second.getRunId());
        client.deleteRun(second.getRunId());
        assertThat(client.searchRuns(List.of(experiment), "")).hasSize(1);
        client.restoreRun(second.getRunId());
        assertThat(client.searchRuns(List.of(experiment), "")).hasSize(2);
    }

    @Test
    void a_mistake_is_told_with_its_status_and_message() {
        assertThatThrownBy(() -> client.getRun("0123456789abcdef0123456789abcdef"))
                .isInstanceOfSatisfying(MlflowHttpException.class, refused -> {
                    assertThat(refused.getStatusCode()).isEqualTo(404);
                    assertThat(refused.getBodyMessage()).contains("RESOURCE_DOES_NOT_EXIST");
                });
    }

    @Test
    void versions_of_runs_are_registered_and_found() {
        RunInfo run = client.createRun("0");
        client.sendPost("registered-models/create", "{\"name\":\"java iris\"}");
        for (String folder : List.of("model", "better")) {
            client.sendPost(
                    "model-versions/create",
                    "{\"name\":\"java iris\",\"run_id\":\"%s\",\"source\":\"runs:/%s/%s\"}"
                            .formatted(run.getRunId(), run.getRunId(), folder));
        }
        assertThat(client.getRegisteredModel("java iris").getLatestVersions(0).getVersion())
                .isEqualTo("2");
        assertThat(client.getLatestVersions("java iris"))
                .extracting(ModelVersion::getVersion)
                .containsExactly("2");
        assertThat(client.getLatestVersions("java iris", List.of("^1.0.0", "Production")))
                .isNotEmpty();
        assertThat(client.getModelVersion("java iris", "1").getRunId()).isEqualTo(run.getRunId());
        assertThat(client.getModelVersionDownloadUri("java iris", "1")).isEqualTo("runs:/" + run.getRunId() + "/model");
        assertThat(client.searchModelVersions("name = 'java iris'", 1, List.of("version_number ASC"))
                        .getItems())
                .extracting(ModelVersion::getVersion)
                .containsExactly("1");
        client.sendPatch("model-versions/update", "{\"name\":\"java iris\",\"version\":\"2\",\"description\":\"d\"}");
        assertThat(client.getModelVersion("java iris", "2").getDescription()).isEqualTo("d");
    }
}
