package io.modelward.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Authorizer;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Reach;
import io.modelward.core.access.Resource;
import io.modelward.core.access.Scope;
import io.modelward.core.job.JobName;
import io.modelward.core.job.JobPlan;
import io.modelward.core.job.JobPlanReader;
import io.modelward.core.job.JobRunState;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.version.ModelName;
import io.modelward.registry.publish.PublishRequest.Number;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may look at jobs and tell them what to do, where each question needs a caller who is known. */
class JobAccessTest extends JobsFixture {

    private static final Principal OWNER = Principal.claimed("the owner");
    private static final Principal READER = Principal.claimed("a reader");
    private static final Principal STRANGER = Principal.claimed("a stranger");
    private static final JobName ABSENT = JobName.parse("absent");

    /** The owner may do everything with the model, a reader may look at it, a stranger has another model. */
    private static final Authorizer BY_NAME = new Authorizer() {
        @Override
        public boolean allows(Principal principal, Action action, Resource resource) {
            Resource.Model model =
                    resource instanceof Resource.Model named ? named : new Resource.Model(ModelName.parse("none"));
            return reach(principal, action).coversModel(model.name());
        }

        @Override
        public Reach reach(Principal principal, Action action) {
            if (principal.equals(READER) && action != Action.READ) {
                return Reach.NOTHING;
            }
            String model = principal.equals(STRANGER) ? "lily" : "iris";
            return new Reach(List.of(List.of(Scope.parse("scope", "model:default/" + model))), Optional.empty());
        }
    };

    private Server server;

    @BeforeEach
    void guard() throws IOException {
        server = new Server(2, new Access(BY_NAME), Optional.empty());
    }

    private JobPlan plan(String command) {
        return JobPlanReader.read(Json.parse(
                "{\"model\":\"iris\",\"command\":[\"" + command + "\"],\"code\":{\"archive\":\"" + archive + "\"}}",
                "plan"));
    }

    private static JobService.Wish nothing() {
        return new JobService.Wish(Optional.empty(), Optional.empty());
    }

    private void create() {
        Access.as(OWNER, () -> server.services.jobs.create(WEEKLY, plan("x"), nothing(), ADA, ""));
    }

    @Test
    void whoever_may_does_all_that_there_is_to_do_with_a_job_and_its_runs() throws Exception {
        create();
        Access.call(OWNER, () -> {
            assertThat(server.services.browser.get(WEEKLY).job().name()).isEqualTo(WEEKLY);
            assertThat(server.services
                            .browser
                            .runs(Optional.of(WEEKLY), Long.MAX_VALUE, 10)
                            .items())
                    .isEmpty();
            server.services.jobs.update(WEEKLY, plan("y"), nothing(), OptionalLong.of(1), ADA, "");
            assertThat(server.services.jobs.pause(WEEKLY, true, ADA, "").job().paused())
                    .isTrue();
            server.services.jobs.pause(WEEKLY, false, ADA, "");
            String run = server.services.jobs.start(WEEKLY, ADA, "").run().id();
            server.round();
            assertThat(server.services.browser.run(run).run().plan().command()).containsExactly("y");
            assertThat(server.services.browser.log(run, 0).bytes()).isEmpty();
            server.services.jobs.stop(run, ADA, "");
            server.round();
            assertThat(server.ended(run).run().progress().state()).isEqualTo(JobRunState.FAILED);
            server.services.jobs.delete(WEEKLY, ADA, "");
            assertThatThrownBy(() -> server.services.browser.get(WEEKLY)).hasMessageContaining("There is no job");
            assertThat(server.services
                            .browser
                            .runs(Optional.of(WEEKLY), Long.MAX_VALUE, 10)
                            .items())
                    .hasSize(1);
            return true;
        });
    }

    @Test
    void a_job_that_is_made_anew_for_another_model_tells_nothing_of_the_runs_of_the_one_before() throws Exception {
        create();
        String run = Access.call(OWNER, () -> {
            String started = server.services.jobs.start(WEEKLY, ADA, "").run().id();
            server.round();
            server.services.jobs.delete(WEEKLY, ADA, "");
            return started;
        });
        Server open = servers.getFirst();
        open.publish(Principal.claimed("ada"), ModelName.parse("lily"), "x", "{}", new Number.Next(Optional.empty()));
        JobPlan plan = JobPlanReader.read(Json.parse(
                "{\"model\":\"lily\",\"command\":[\"x\"],\"overlap\":\"replace\",\"code\":{\"archive\":\"" + archive
                        + "\"}}",
                "plan"));
        Access.call(STRANGER, () -> {
            server.services.jobs.create(WEEKLY, plan, nothing(), ADA, "");
            assertThat(server.services.browser.get(WEEKLY).latest()).isEmpty();
            assertThat(server.services
                            .browser
                            .list(Optional.empty(), Long.MAX_VALUE, 10)
                            .items()
                            .getFirst()
                            .latest())
                    .isEmpty();
            String own = server.services.jobs.start(WEEKLY, ADA, "").run().id();
            server.round();
            assertThat(server.services.browser.run(own).run().progress().state())
                    .isEqualTo(JobRunState.RUNNING);
            return true;
        });
        // The run of the job before is not replaced by a stranger's.
        assertThat(open.services.browser.run(run).run().progress().state()).isEqualTo(JobRunState.RUNNING);
        assertThat(open.services.browser.run(run).stopping()).isEmpty();
    }

    private Map<String, ThrowingCallable> looks(JobName job, String run) {
        Map<String, ThrowingCallable> looks = new LinkedHashMap<>();
        looks.put("get", () -> server.services.browser.get(job));
        looks.put("runs", () -> server.services.browser.runs(Optional.of(job), Long.MAX_VALUE, 10));
        looks.put("run", () -> server.services.browser.run(run));
        return looks;
    }

    private Map<String, ThrowingCallable> orders(JobName job, String run) {
        Map<String, ThrowingCallable> orders = new LinkedHashMap<>();
        orders.put("log", () -> server.services.browser.log(run, 0));
        orders.put("start", () -> server.services.jobs.start(job, ADA, ""));
        orders.put("stop", () -> server.services.jobs.stop(run, ADA, ""));
        orders.put("pause", () -> server.services.jobs.pause(job, true, ADA, ""));
        orders.put("delete", () -> server.services.jobs.delete(job, ADA, ""));
        return orders;
    }

    private static ProblemException refused(Principal caller, ThrowingCallable call) {
        try {
            Access.call(caller, () -> {
                call.call();
                return true;
            });
        } catch (ProblemException refused) {
            return refused;
        } catch (Throwable other) {
            throw new AssertionError(other);
        }
        throw new AssertionError("it was not refused");
    }

    @Test
    void a_reader_looks_and_is_told_what_is_not_allowed() throws Exception {
        create();
        String run = Access.call(
                OWNER, () -> server.services.jobs.start(WEEKLY, ADA, "").run().id());
        Access.call(READER, () -> {
            assertThat(server.services.browser.get(WEEKLY).job().name()).isEqualTo(WEEKLY);
            assertThat(server.services.browser.run(run).run().id()).isEqualTo(run);
            assertThat(server.services
                            .browser
                            .runs(Optional.of(WEEKLY), Long.MAX_VALUE, 10)
                            .items())
                    .hasSize(1);
            return true;
        });
        orders(WEEKLY, run)
                .forEach((name, order) -> assertThat(
                                refused(READER, order).problem().type())
                        .as(name)
                        .isEqualTo(ProblemType.FORBIDDEN));
    }

    @Test
    void for_a_stranger_a_job_that_is_there_is_as_one_that_is_not() throws Exception {
        create();
        String run = Access.call(
                OWNER, () -> server.services.jobs.start(WEEKLY, ADA, "").run().id());
        String none = "f".repeat(run.length());
        Map<String, ThrowingCallable> there = looks(WEEKLY, run);
        there.putAll(orders(WEEKLY, run));
        Map<String, ThrowingCallable> nowhere = looks(ABSENT, none);
        nowhere.putAll(orders(ABSENT, none));
        there.forEach((name, call) -> {
            ProblemException answer = refused(STRANGER, call);
            assertThat(answer.problem().type()).as(name).isEqualTo(ProblemType.NOT_FOUND);
            assertThat(answer.problem().detail().replace("weekly", "absent").replace(run, none))
                    .as(name)
                    .isEqualTo(refused(STRANGER, nowhere.get(name)).problem().detail());
        });
        assertThat(Access.call(STRANGER, () -> server.services.browser.list(Optional.empty(), Long.MAX_VALUE, 10))
                        .items())
                .isEmpty();
    }

    @Test
    void a_job_that_was_made_anew_is_not_the_one_that_somebody_was_allowed() {
        create();
        var seen = catalog.read(tx -> tx.jobs().find(WEEKLY)).orElseThrow();
        Access.as(OWNER, () -> server.services.jobs.delete(WEEKLY, ADA, ""));
        server.now = server.now.plusSeconds(1);
        create();
        assertThatThrownBy(() -> catalog.read(tx -> JobBrowser.same(tx, seen)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("There is no job weekly");
        var now = catalog.read(tx -> tx.jobs().find(WEEKLY)).orElseThrow();
        assertThat(catalog.<Boolean>read(tx -> JobBrowser.same(tx, now).equals(now)))
                .isTrue();
    }
}
