package io.modelward.browser;

import static io.modelward.browser.ExhibitClient.part;

import io.modelward.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Logs the experiments and runs of an exhibit, as MLflow's clients do. */
final class ExhibitTraining {

    private static final int RUNS = 24;
    private static final int STEPS = 40;
    private static final long BEGIN = 1_780_000_000_000L;
    /** The smallest PNG: one pixel. */
    private static final byte[] PICTURE = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private final ExhibitClient client;
    private final ExhibitWords words;
    private final List<String> runs = new ArrayList<>();
    private String experiment = "";

    ExhibitTraining(ExhibitClient client, ExhibitWords words) {
        this.client = client;
        this.words = words;
    }

    /** The experiment with many runs. */
    String experiment() {
        return experiment;
    }

    /** Runs of the experiment; the first has files. */
    List<String> runs() {
        return List.copyOf(runs);
    }

    void log() throws IOException {
        experiment = experiment("iris forests");
        for (int number = 0; number < RUNS; number++) {
            runs.add(run(experiment, number));
        }
        files(runs.getFirst());
        String other = experiment("fraud");
        String failed = start(other, "night " + 1, 50);
        end(failed, "FAILED", 51);
        start(other, "still running", 52);
    }

    private String experiment(String name) throws IOException {
        ObjectNode wish = Json.object().put("name", words.text(name));
        ArrayNode tags = wish.putArray("tags");
        tags.addObject().put("key", "mlflow.note.content").put("value", words.longTag("Which forest is **best**?"));
        tags.addObject().put("key", words.key("team")).put("value", words.text("botany"));
        return client.mlflow("/experiments/create", wish).path("experiment_id").asString();
    }

    private String start(String inExperiment, String name, int number) throws IOException {
        ObjectNode wish = Json.object()
                .put("experiment_id", inExperiment)
                .put("user_id", words.text("ann"))
                .put("run_name", words.text(name))
                .put("start_time", BEGIN + 3_600_000L * number);
        ArrayNode tags = wish.putArray("tags");
        tags.addObject()
                .put("key", "mlflow.source.git.commit")
                .put("value", "4f6a0d1c9e8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f");
        tags.addObject().put("key", "mlflow.source.name").put("value", words.text("train.py"));
        tags.addObject()
                .put("key", words.key("season"))
                .put("value", words.text(number % 2 == 0 ? "spring" : "autumn"));
        return client.mlflow("/runs/create", wish).at("/run/info/run_id").asString();
    }

    private void end(String run, String status, int number) throws IOException {
        client.mlflow(
                "/runs/update",
                Json.object()
                        .put("run_id", run)
                        .put("status", status)
                        .put("end_time", BEGIN + 3_600_000L * number + 600_000L));
    }

    private String run(String inExperiment, int number) throws IOException {
        String run = start(inExperiment, "forest " + number, number);
        ObjectNode batch = Json.object().put("run_id", run);
        ArrayNode metrics = batch.putArray("metrics");
        for (int step = 0; step < STEPS; step++) {
            double share = (step + 1.0) / STEPS;
            point(metrics, number, step, "accuracy", 0.6 + 0.3 * share + number / 1000.0);
            point(metrics, number, step, "loss", Math.exp(-3 * share) + number / 500.0);
        }
        ArrayNode parameters = batch.putArray("params");
        parameters.addObject().put("key", words.key("n_estimators")).put("value", String.valueOf(10 + 5 * number));
        parameters.addObject().put("key", words.key("max_depth")).put("value", String.valueOf(2 + number % 4));
        parameters.addObject().put("key", words.key("criterion")).put("value", words.text("gini"));
        parameters.addObject().put("key", words.key("note")).put("value", words.longParameter("as before"));
        client.mlflow("/runs/log-batch", batch);
        end(run, number % 7 == 6 ? "KILLED" : "FINISHED", number);
        return run;
    }

    private void point(ArrayNode metrics, int number, int step, String key, double value) {
        metrics.addObject()
                .put("key", words.key(key))
                .put("value", value)
                .put("step", step)
                .put("timestamp", BEGIN + 3_600_000L * number + 10_000L * step);
    }

    private void files(String run) throws IOException {
        String below = "/api/2.0/mlflow-artifacts/artifacts/" + experiment + "/" + run + "/artifacts/";
        Map<String, byte[]> files = Map.of(
                "notes.txt", text(words.longText("The forest was deep.")),
                "report.json", text("{\"confusion\": [[50, 0, 0], [0, 48, 2], [0, 3, 47]], \"best\": true}"),
                "table.csv",
                        text("species,precision\nsetosa,1.00\n\""
                                + words.text("virginica").replace("\"", "\"\"") + "\",0.96\n"),
                "page.html", text("<h1>A report</h1><script>window." + Visit.RAN + "='file'</script>"),
                "drawing.svg",
                        text("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"window." + Visit.RAN + "='svg'\"/>"),
                "confusion.png", PICTURE);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            client.put(below + part(words.file(file.getKey())), file.getValue());
            client.put(below + "plots/" + part(words.file(file.getKey())), file.getValue());
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
