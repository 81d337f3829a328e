package io.modelward.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.job.JobPlanReader;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.JobRunState;
import io.modelward.core.json.Json;
import io.modelward.jobs.JobView.RunView;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** When runs begin, over a real catalog: what is due, missed, overlapping, shared by two servers, or lost. */
class JobScheduleTest extends JobsFixture {

    @Test
    void a_job_is_due_by_its_schedule_and_missed_times_are_skipped_or_made_up_for_once() throws Exception {
        make(Map.of("schedule", "\"0 3 * * *\"", "missed", "\"run\""));
        Server server = servers.getFirst();
        server.round();
        assertThat(runs()).isEmpty();
        server.pass(Duration.ofHours(15).plusSeconds(2));
        server.round();
        assertThat(runs()).hasSize(1);
        assertThat(runs().getFirst().due()).isEqualTo("2026-11-30T03:00:00Z");
        server.runner.last().end(1);
        server.ended(runs().getFirst().id());
        server.pass(Duration.ofDays(5));
        server.round();
        server.round();
        assertThat(runs()).hasSize(2);
        server.runner.last().end(1);
        server.ended(runs().getLast().id());
        server.services.jobs.update(
                WEEKLY,
                JobPlanReader.read(((ObjectNode) Json.parse(
                        "{\"model\":\"iris\",\"command\":[\"x\"],\"schedule\":\"@daily\",\"code\":{\"archive\":\""
                                + archive + "\"}}",
                        "plan"))),
                new JobService.Wish(Optional.empty(), Optional.empty()),
                OptionalLong.of(1),
                ADA,
                "");
        server.pass(Duration.ofDays(5));
        server.round();
        assertThat(runs()).hasSize(3);
        assertThat(runs().getLast().progress().state()).isEqualTo(JobRunState.SKIPPED);
        assertThat(runs().getLast().progress().outcome()).contains("while no server ran");
    }

    @Test
    void runs_of_one_job_are_skipped_queued_or_replaced_and_never_at_work_at_once() throws Exception {
        make(Map.of("schedule", "\"every 1m\"", "overlap", "\"queue\""));
        Server server = servers.getFirst();
        for (int minute = 0; minute < 4; minute++) {
            server.pass(Duration.ofMinutes(1));
            server.round();
        }
        assertThat(server.services.atWork()).isEqualTo(1);
        assertThat(runs()).hasSize(4);
        server.services.jobs.pause(WEEKLY, true, ADA, "");
        for (int run = 0; run < 4; run++) {
            server.runner.last().end(1);
            server.ended(runs().get(run).id());
            server.round();
        }
        assertThat(server.runner.runs).hasSize(4);
        assertThat(runs()).allMatch(run -> run.progress().state() == JobRunState.FAILED);
    }

    @Test
    void a_newer_run_takes_the_place_of_one_at_work() throws Exception {
        make(Map.of("overlap", "\"replace\""));
        Server server = servers.getFirst();
        String first = server.services.jobs.start(WEEKLY, ADA, "").run().id();
        server.round();
        String second = server.services.jobs.start(WEEKLY, ADA, "").run().id();
        server.round();
        assertThat(server.ended(first).run().progress().outcome()).contains("a newer run takes its place");
        server.round();
        assertThat(server.services.browser.run(second).run().progress().state()).isEqualTo(JobRunState.RUNNING);
    }

    @Test
    void two_servers_with_clocks_apart_run_each_due_time_once() throws Exception {
        make(Map.of("schedule", "\"*/10 * * * *\"", "missed", "\"run\"", "overlap", "\"queue\""));
        Server one = servers.getFirst();
        Server other = new Server(2);
        other.now = one.now.plusSeconds(45);
        Random random = new Random(7);
        for (int step = 0; step < 400; step++) {
            Duration time = Duration.ofSeconds(random.nextInt(40));
            one.pass(time);
            other.pass(time);
            (random.nextBoolean() ? one : other).round();
            for (Server server : servers) {
                if (server.services.atWork() > 0 && random.nextInt(3) == 0) {
                    server.runner.last().end(1);
                    while (server.services.atWork() > 0) {
                        TimeUnit.MILLISECONDS.sleep(1);
                    }
                }
            }
        }
        List<Instant> due = runs().stream().map(JobRun::due).toList();
        assertThat(due).doesNotHaveDuplicates().hasSizeGreaterThan(8);
        long begun = runs().stream()
                .filter(run -> run.progress().started().isPresent())
                .count();
        assertThat(one.runner.runs.size() + other.runner.runs.size()).isEqualTo((int) begun);
        assertThat(one.runner.runs).isNotEmpty();
        assertThat(other.runner.runs).isNotEmpty();
    }

    @Test
    void what_is_in_the_way_of_a_job_that_is_due_each_second_is_told_once() throws Exception {
        make(Map.of("schedule", "\"every 1s\""));
        Server server = servers.getFirst();
        for (int second = 0; second < 20; second++) {
            server.pass(Duration.ofSeconds(1));
            server.round();
        }
        assertThat(runs())
                .extracting(run -> run.progress().state())
                .containsExactly(JobRunState.RUNNING, JobRunState.SKIPPED);
        String first = runs().getFirst().id();
        server.runner.last().end(1);
        server.ended(first);
        for (int second = 0; second < 5; second++) {
            server.pass(Duration.ofSeconds(1));
            server.round();
        }
        assertThat(runs())
                .extracting(run -> run.progress().state())
                .containsExactly(JobRunState.FAILED, JobRunState.SKIPPED, JobRunState.RUNNING, JobRunState.SKIPPED);
        assertThat(runs().getLast().progress().outcome())
                .isEqualTo("It was due while run " + runs().get(2).number() + " was at work.");
    }

    @Test
    void a_look_at_runs_that_wait_for_a_busy_job_writes_nothing() throws Exception {
        make(Map.of("overlap", "\"queue\""));
        Server server = servers.getFirst();
        for (int run = 0; run < 5; run++) {
            server.services.jobs.start(WEEKLY, ADA, "");
        }
        server.round();
        assertThat(server.services.atWork()).isEqualTo(1);
        // This one says that the run is at work, too.
        server.round();
        int before = catalog.writes.get();
        server.round();
        assertThat(catalog.writes).hasValue(before);
    }

    @Test
    void a_job_whose_model_is_deleted_makes_no_run_and_says_why() throws Exception {
        make(Map.of("schedule", "\"every 1m\"", "overlap", "\"queue\""));
        Server server = servers.getFirst();
        server.services.jobs.start(WEEKLY, ADA, "");
        server.registry.models.delete(IRIS, ADA, "");
        server.round();
        assertThat(runs()).hasSize(1);
        assertThat(runs().getFirst().progress().state()).isEqualTo(JobRunState.SKIPPED);
        assertThat(runs().getFirst().progress().outcome()).contains("the model of the job was deleted");
        assertThatThrownBy(() -> server.services.jobs.start(WEEKLY, ADA, ""))
                .hasMessageContaining("The model of the job weekly is deleted");
        for (int minute = 0; minute < 3; minute++) {
            server.pass(Duration.ofMinutes(1));
            server.round();
        }
        assertThat(runs()).hasSize(2);
        assertThat(runs().getLast().progress().outcome()).isEqualTo("It was due, and the model of the job is deleted.");
        assertThat(server.runner.runs).isEmpty();
        server.registry.models.undelete(IRIS, ADA, "");
        server.pass(Duration.ofMinutes(1));
        server.round();
        assertThat(runs().getLast().progress().state()).isEqualTo(JobRunState.RUNNING);
    }

    @Test
    void a_run_whose_server_is_silent_is_lost_and_its_version_is_told_of() throws Exception {
        make(Map.of());
        Server dead = servers.getFirst();
        String run = dead.services.jobs.start(WEEKLY, ADA, "").run().id();
        dead.round();
        dead.publish(dead.runner.last().token(), "second", "{}");
        Server other = new Server(2);
        other.now = dead.now.plus(Duration.ofHours(3));
        other.round();
        // The other one's clock says nothing; what changes is what it sees.
        for (int beat = 0; beat < 10; beat++) {
            dead.pass(Duration.ofSeconds(5));
            dead.round();
            other.pass(Duration.ofSeconds(5));
            other.round();
        }
        assertThat(other.services.browser.run(run).run().progress().state()).isEqualTo(JobRunState.RUNNING);
        other.pass(Duration.ofSeconds(31));
        other.round();
        RunView lost = other.services.browser.run(run);
        assertThat(lost.run().progress().state()).isEqualTo(JobRunState.LOST);
        assertThat(lost.run().progress().outcome()).contains("It had published 1.1.0.");
        // The one that was silent sees that, and ends what it runs.
        dead.round();
        assertThat(dead.runner.last().ended().isDone()).isTrue();
        TimeUnit.MILLISECONDS.sleep(100);
        assertThat(other.services.browser.run(run).run().progress().state()).isEqualTo(JobRunState.LOST);
        assertThat(new String(other.services.browser.log(run, 0).bytes(), StandardCharsets.UTF_8))
                .as("what it wrote is shown all the same")
                .isEqualTo("what it wrote\n");
    }
}
