package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.access.state.TokenText;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.JobRunState;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The token of a run that began before the server was started anew, while access control is off. */
class RunTokenAfterStartTest {

    private static final String DRAFTS = "/api/v1/models/default/";

    @TempDir
    Path directory;

    private Application start() throws Exception {
        return new Application(
                ConfigurationFile.read(
                        Optional.empty(),
                        Map.of(
                                "server.listen", "127.0.0.1:0",
                                "data.directory", directory.resolve("data").toString(),
                                "runtime.environment", "/bin/false",
                                "jobs.parallel", "0",
                                "webhooks.allow-private", "true")),
                Map.of());
    }

    private void write(JobRun run, JobRunState seen, Optional<String> token) {
        try (SqliteCatalog catalog =
                SqliteCatalog.open(directory.resolve("data").resolve("catalog.sqlite"), Failpoints.NONE)) {
            catalog.write(tx -> {
                assertThat(tx.jobs().updateRun(run, seen)).isTrue();
                token.ifPresent(text ->
                        tx.jobs().credential(run.id(), TokenText.Hash.of(text).toString()));
                return true;
            });
        }
    }

    private JobRun run(String id) {
        try (SqliteCatalog catalog =
                SqliteCatalog.open(directory.resolve("data").resolve("catalog.sqlite"), Failpoints.NONE)) {
            return catalog.read(tx -> tx.jobs().run(id)).orElseThrow();
        }
    }

    @Test
    void it_is_the_runs_still_and_is_good_for_the_runs_own_model_until_the_run_has_ended() throws Exception {
        Map<String, String> parts;
        try (Application application = start()) {
            parts = new SampleCalls(application.address(), new HashMap<>(SampleCalls.NAMES)).content();
        }
        String token = TokenText.make(TokenText.TOKEN, new SecureRandom());
        JobRun queued = run(parts.get(SampleCalls.JOB_RUN));
        JobRun begun = queued.with(queued.progress().begun("a server that is gone", Instant.now()));
        write(begun, JobRunState.QUEUED, Optional.of(token));
        Map<String, String> bearer = Map.of("Authorization", "Bearer " + token);
        try (Application application = start()) {
            SampleCalls calls = new SampleCalls(application.address(), parts, bearer);
            assertThat(calls.call("POST", DRAFTS + "iris/drafts", "{}", "").statusCode())
                    .isEqualTo(201);
            HttpResponse<String> other = calls.call("POST", DRAFTS + "lily/drafts", "{}", "");
            assertThat(other.statusCode()).as(other.body()).isEqualTo(422);
            assertThat(other.body()).contains("its own model only, which is called default/iris now");
        }
        write(
                begun.with(
                        begun.progress().endedAs(JobRunState.LOST, OptionalInt.empty(), "It was lost.", Instant.now())),
                JobRunState.RUNNING,
                Optional.empty());
        try (Application application = start()) {
            SampleCalls calls = new SampleCalls(application.address(), parts, bearer);
            HttpResponse<String> late = calls.call("POST", DRAFTS + "iris/drafts", "{}", "");
            assertThat(late.statusCode()).as(late.body()).isEqualTo(409);
            assertThat(late.body()).contains("The run has ended");
            // A text of the same form that is no run's is anybody's, as before.
            SampleCalls anybody = new SampleCalls(
                    application.address(),
                    parts,
                    Map.of("Authorization", "Bearer " + TokenText.make(TokenText.TOKEN, new SecureRandom())));
            assertThat(anybody.call("POST", DRAFTS + "lily/drafts", "{}", "").statusCode())
                    .isEqualTo(201);
        }
    }
}
