package io.modelward.browser;

import io.modelward.core.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes the job of an exhibit, and lets it run once. */
final class ExhibitJobs {

    /** The name of the job. */
    static final String JOB = "weekly";

    private static final String ADDRESS = "/api/v1/jobs/" + JOB;
    private static final int TRIES = 600;

    private final ExhibitClient client;
    private final ExhibitWords words;
    private String run = "";

    ExhibitJobs(ExhibitClient client, ExhibitWords words) {
        this.client = client;
        this.words = words;
    }

    /** The run that has ended. */
    String run() {
        return run;
    }

    /** The number of the run. */
    int number() {
        return 1;
    }

    void make(String model) throws IOException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            zip.putNextEntry(new ZipEntry("train.py"));
            zip.closeEntry();
        }
        JsonNode file = Json.parse(
                client.send("PUT", "/api/v1/job-files", archive.toByteArray(), "ann")
                        .body(),
                "answer");
        ObjectNode wish = Json.object()
                .put("job", JOB)
                .put("model", model)
                .put("schedule", "0 3 1 1 *")
                .put("timezone", "Europe/Berlin");
        List.of("python", "-c", "print('trained')").forEach(wish.putArray("command")::add);
        wish.putObject("code").put("archive", file.path("sha256").asString());
        wish.putArray("require").add("accuracy >= champion - 0.005");
        client.made("POST", "/api/v1/jobs", wish);
        run = client.made("POST", ADDRESS + "/runs", Json.object().put("reason", words.text("we want to see it")))
                .path("run")
                .asString();
        for (int attempt = 0; attempt < TRIES; attempt++) {
            if (client.look("/api/v1/job-runs/" + run).has("ended_at")) {
                return;
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException(interrupted);
            }
        }
        throw new IOException("the run of the job did not end");
    }
}
