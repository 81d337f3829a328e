package io.modelward.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Access;
import io.modelward.core.access.Principal;
import io.modelward.core.job.JobRunState;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.notification.ChannelKind;
import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NoticeFilter;
import io.modelward.core.notification.NotificationChannel;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.jobs.JobView.RunView;
import io.modelward.registry.publish.DraftService.DraftUpload;
import io.modelward.registry.publish.PublishRequest;
import io.modelward.registry.publish.PublishRequest.Number;
import io.modelward.registry.version.VersionResolver;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What runs publish and what becomes of them, over a real catalog. */
class JobRunsTest extends JobsFixture {

    @Test
    void what_a_run_publishes_is_known_as_the_runs_and_is_rolled_out() throws Exception {
        make(Map.of("rollout", "\"canary\"", "require", "[\"accuracy >= champion - 0.01\"]"));
        Server server = servers.getFirst();
        String run = server.services.jobs.start(WEEKLY, ADA, "now").run().id();
        server.round();
        FakeRunner.FakeRun work = server.runner.last();
        assertThat(work.task.variables()).containsEntry("KEY", "hush").containsEntry("MODELWARD_JOB", "weekly");
        assertThat(work.task.secrets()).contains("hush", work.token());
        assertThat(server.publish(work.token(), "second", accuracy(0.895))).isEqualTo("1.1.0");
        work.end(0);
        RunView ended = server.ended(run);
        assertThat(ended.run().progress().state()).isEqualTo(JobRunState.SUCCEEDED);
        assertThat(ended.run().progress().outcome()).isEqualTo("It published 1.1.0. A rollout was started on flowers.");
        assertThat(ended.versions()).hasSize(1);
        assertThat(ended.versions().getFirst().metrics()).containsEntry("accuracy", 0.895);
        assertThat(rollouts).hasSize(1);
        assertThat(new String(server.services.browser.log(run, 0).bytes(), StandardCharsets.UTF_8))
                .isEqualTo("what it wrote\n");
        assertThat(server.services
                        .browser
                        .training(IRIS, Selector.parse("1.1.0"))
                        .orElseThrow()
                        .run()
                        .progress()
                        .lock())
                .isEqualTo("numpy==2.4.6");
        assertThatThrownBy(() -> server.publish(work.token(), "third", accuracy(0.99)))
                .hasMessageContaining("The run has ended");
    }

    @Test
    void a_version_that_holds_no_gate_is_a_pre_release_and_an_exact_number_is_refused() throws Exception {
        make(Map.of("rollout", "\"canary\"", "require", "[\"accuracy >= champion\"]"));
        Server server = servers.getFirst();
        String run = server.services.jobs.start(WEEKLY, ADA, "").run().id();
        server.round();
        FakeRunner.FakeRun work = server.runner.last();
        assertThatThrownBy(() ->
                        server.publish(work.token(), "worse", accuracy(0.5), new Number.Exact(SemVer.parse("1.1.0"))))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("does not hold what the job demands");
        assertThat(server.publish(work.token(), "worse", accuracy(0.5))).isEqualTo("1.1.0-held.1");
        assertThat(server.publish(work.token(), "worse still", "{}")).isEqualTo("1.1.0-held.1.2");
        work.end(0);
        RunView ended = server.ended(run);
        assertThat(ended.run().progress().state()).isEqualTo(JobRunState.SUCCEEDED);
        assertThat(ended.run().progress().outcome()).contains("as a pre-release", "accuracy is 0.5");
        assertThat(ended.versions()).allMatch(version -> version.how().held());
        assertThat(rollouts).isEmpty();
        assertThat(catalog.read(tx -> VersionResolver.resolve(tx, IRIS, new Selector.Newest()))
                        .ref()
                        .version()
                        .toString())
                .as("what MLflow's clients are given for the newest")
                .isEqualTo("1.0.0");
    }

    @Test
    void a_run_that_publishes_nothing_has_failed_and_one_that_makes_what_is_there_has_not() throws Exception {
        make(Map.of());
        Server server = servers.getFirst();
        String nothing = server.services.jobs.start(WEEKLY, ADA, "").run().id();
        server.round();
        server.runner.last().end(0);
        assertThat(server.ended(nothing).run().progress().state()).isEqualTo(JobRunState.FAILED);
        assertThat(server.ended(nothing).run().progress().outcome()).contains("published nothing");
        String same = server.services.jobs.start(WEEKLY, ADA, "").run().id();
        server.round();
        assertThat(server.publish(server.runner.last().token(), "first", accuracy(0.9)))
                .isEqualTo("1.0.0");
        server.runner.last().end(0);
        assertThat(server.ended(same).run().progress().outcome())
                .isEqualTo("What it made is the version 1.0.0 already.");
        assertThat(server.ended(same).run().progress().state()).isEqualTo(JobRunState.SUCCEEDED);
        String unchanged = server.services.jobs.start(WEEKLY, ADA, "").run().id();
        server.round();
        server.publish(server.runner.last().token(), "first", accuracy(0.91));
        server.runner.last().end(0);
        assertThat(server.ended(unchanged).versions().getFirst().how().unchanged())
                .isTrue();
    }

    @Test
    void a_run_that_fails_after_it_published_says_so_and_starts_no_rollout() throws Exception {
        make(Map.of("rollout", "\"canary\""));
        Server server = servers.getFirst();
        String run = server.services.jobs.start(WEEKLY, ADA, "").run().id();
        server.round();
        server.publish(server.runner.last().token(), "second", "{}");
        server.runner.last().end(3);
        RunView ended = server.ended(run);
        assertThat(ended.run().progress().state()).isEqualTo(JobRunState.FAILED);
        assertThat(ended.run().progress().exitCode()).isEqualTo(OptionalInt.of(3));
        assertThat(ended.run().progress().outcome()).contains("exit code 3", "It had published 1.1.0.");
        assertThat(rollouts).isEmpty();
    }

    @Test
    void a_token_publishes_its_own_model_only_and_nothing_after_the_run() throws Exception {
        make(Map.of());
        Server server = servers.getFirst();
        String run = server.services.jobs.start(WEEKLY, ADA, "").run().id();
        server.round();
        FakeRunner.FakeRun work = server.runner.last();
        Principal caller = server.tokens.callerOf(work.token()).orElseThrow();
        String draft = server.registry
                .drafts
                .create(ModelName.parse("lily"), ADA)
                .draft()
                .id();
        try (DraftUpload upload = server.registry.drafts.upload(draft, FilePath.parse("model.joblib"))) {
            upload.write(ByteBuffer.wrap(new byte[] {1}));
            upload.finish(Optional.empty());
        }
        assertThatThrownBy(() -> Access.call(
                        caller,
                        () -> server.registry.publisher.publish(
                                draft,
                                new PublishRequest(new Number.Next(Optional.empty()), Json.object(), "", ""),
                                ADA)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("its own model only");
        work.end(1);
        server.ended(run);
        assertThatThrownBy(() -> server.publish(work.token(), "second", "{}"))
                .hasMessageContaining("The run has ended");
        assertThatThrownBy(() -> server.publish(work.token(), "first", accuracy(0.9)))
                .hasMessageContaining("The run has ended");
    }

    @Test
    void what_became_of_a_run_is_written_whole_once_the_catalog_is_back_and_no_log_is_lost() throws Exception {
        make(Map.of());
        Server server = servers.getFirst();
        String run = server.services.jobs.start(WEEKLY, ADA, "").run().id();
        server.round();
        server.publish(server.runner.last().token(), "first", accuracy(0.9));
        // Twice over the log cannot be kept, and once it is not known what became of the run.
        catalog.failures.set(3);
        server.runner.last().end(0);
        while (server.services.atWork() > 0) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(catalog.failures).hasValue(0);
        RunView ended = server.ended(run);
        assertThat(ended.run().progress().state()).isEqualTo(JobRunState.SUCCEEDED);
        assertThat(ended.run().progress().outcome()).isEqualTo("What it made is the version 1.0.0 already.");
        assertThat(ended.run().progress().log()).isEmpty();
        assertThat(new String(server.services.browser.log(run, 0).bytes(), StandardCharsets.UTF_8))
                .isEqualTo("what it wrote\n");
    }

    @Test
    void people_are_told_of_a_job_that_fails_and_of_one_that_works_again() throws Exception {
        catalog.write(tx -> {
            tx.notificationChannels()
                    .insert(new NotificationChannel(
                            "c-1",
                            "team",
                            ChannelKind.EMAIL,
                            "team@example.org",
                            "team@example.org",
                            Optional.empty(),
                            NoticeFilter.ALL,
                            Optional.empty(),
                            Duration.ofHours(1),
                            Instant.EPOCH,
                            Instant.EPOCH));
            return true;
        });
        make(Map.of("notify", "[\"team\"]"));
        Server server = servers.getFirst();
        for (int code : List.of(1, 0, 0)) {
            String run = server.services.jobs.start(WEEKLY, ADA, "").run().id();
            server.round();
            if (code == 0) {
                server.publish(server.runner.last().token(), "content " + runs().size(), "{}");
            }
            server.runner.last().end(code);
            server.ended(run);
        }
        List<Notice> told = catalog.write(tx -> tx.noticeQueue().take(10));
        assertThat(told)
                .extracting(notice -> notice.event() + " " + notice.title())
                .containsExactly("JOB_FAILED The job weekly failed", "JOB_RECOVERED The job weekly works again");
    }
}
