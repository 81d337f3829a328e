package io.modelward.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.evidence.ArmId;
import io.modelward.core.prediction.DecisionRecord;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.rollout.Guardrail;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.route.ArmRole;
import io.modelward.gateway.predict.Prediction;
import io.modelward.gateway.predict.Request;
import io.modelward.gateway.trace.TraceService;
import io.modelward.registry.verify.Verifier;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What requests meet during a rollout, and what is kept of them. */
class RolloutRequestTest extends RolloutFixture {

    private static final Access EVERYONE = new Access(Authorizer.EVERYONE);

    private Map<String, String> askWithKeys(int keys) {
        Map<String, String> answers = new HashMap<>();
        for (int i = 0; i < keys; i++) {
            answers.put("user" + i, ask(Optional.of("user" + i), Optional.empty()));
        }
        return answers;
    }

    private long evidence(String id) {
        return house.ticks(id).stream()
                .mapToLong(
                        tick -> tick.counts(Guardrail.ERRORS, ArmId.CANDIDATE).requests()
                                + tick.counts(Guardrail.ERRORS, ArmId.ACTIVE).requests())
                .sum();
    }

    @Test
    void a_caller_with_a_key_sticks_to_the_candidate_once_they_met_it() {
        String id = begin("{'steps':[20,60,100],'min_dwell':'600ms','min_samples':10,'latency':false}");
        Map<String, String> first = askWithKeys(200);
        assertThat(askWithKeys(200)).isEqualTo(first);
        assertThat(first.values()).contains("1.0.0", "1.1.0");
        for (int i = 0; i < 100 && share() == 2_000; i++) {
            pass(1, 60);
        }
        assertThat(share()).isEqualTo(6_000);
        Map<String, String> second = askWithKeys(200);
        first.forEach((key, version) -> {
            if (version.equals("1.1.0")) {
                assertThat(second).containsEntry(key, "1.1.0");
            }
        });
        assertThat(state(id)).isEqualTo(RolloutState.RUNNING);
    }

    @Test
    void only_the_first_request_of_a_key_is_evidence_also_after_a_restart() {
        String id = begin(QUICK);
        house.rollouts.hold(id, GatewayFixture.ADA, "to count");
        askWithKeys(30);
        askWithKeys(30);
        house.tick(200);
        assertThat(evidence(id)).isEqualTo(30);
        house.restart();
        house.tick(50);
        askWithKeys(40);
        house.tick(200);
        assertThat(evidence(id)).isEqualTo(40);
    }

    @Test
    void a_pinned_request_is_answered_by_its_arm_and_is_no_evidence() {
        assertThat(problem(ProblemType.CONFLICT, () -> ask(Optional.empty(), Optional.of(ArmRole.CANDIDATE)))
                        .detail())
                .contains("no candidate");
        String id = begin(QUICK);
        for (int i = 0; i < 30; i++) {
            assertThat(ask(Optional.empty(), Optional.of(ArmRole.CANDIDATE))).isEqualTo("1.1.0");
            assertThat(ask(Optional.empty(), Optional.of(ArmRole.ACTIVE))).isEqualTo("1.0.0");
        }
        house.tick(200);
        assertThat(evidence(id)).isZero();
    }

    @Test
    void a_request_that_does_not_count_is_answered_and_is_no_evidence() {
        String id = begin(QUICK);
        for (int i = 0; i < 30; i++) {
            house.predictor
                    .predict(Request.of("iris", body(Optional.empty()), Optional.empty(), false))
                    .join();
        }
        house.tick(200);
        assertThat(evidence(id)).isZero();
    }

    @Test
    void the_decision_record_of_a_canary_request_names_revision_arm_and_version() {
        begin(QUICK);
        Prediction answer = house.predictor
                .predict(Request.of("iris", body(Optional.empty()), Optional.of(ArmRole.CANDIDATE), true))
                .join();
        DecisionRecord record = house.log.find(answer.id()).record().orElseThrow();
        assertThat(record.revision()).isEqualTo(snapshot().route().revision());
        assertThat(record.arm()).isEqualTo((byte) ArmRole.CANDIDATE.ordinal());
        assertThat(record.digest()).isEqualTo(answer.version().digest());
        assertThat(record.status()).isEqualTo(200);
    }

    @Test
    void a_failed_canary_request_names_its_version_and_has_a_decision_record() throws Exception {
        begin(QUICK);
        house.runtime.failing.put(CANDIDATE, 1.0);
        var answer = house.predictor.predict(
                Request.of("iris", body(Optional.empty()), Optional.of(ArmRole.CANDIDATE), true));
        Map<String, Object> extra = Optional.of(org.assertj.core.api.Assertions.catchThrowable(answer::join))
                .map(CompletionException.class::cast)
                .map(failed -> ((ProblemException) failed.getCause()).problem().extra())
                .orElseThrow();
        assertThat(extra).containsEntry("model_version", "1.1.0");
        try (ExecutorService hashers = Executors.newSingleThreadExecutor()) {
            TraceService.Trace trace = traces(hashers).trace((String) extra.get("prediction_id"), false);
            assertThat(trace.decision().record().status()).isEqualTo(500);
            assertThat(trace.decision().arm().role()).isEqualTo(ArmRole.CANDIDATE);
        }
    }

    @Test
    void the_trace_of_a_canary_request_names_the_rollout_and_its_step() throws Exception {
        String id = begin(QUICK);
        Prediction answer = house.predictor
                .predict(Request.of("iris", body(Optional.empty()), Optional.of(ArmRole.CANDIDATE), true))
                .join();
        house.rollouts.abort(id, GatewayFixture.ADA, "enough");
        try (ExecutorService hashers = Executors.newSingleThreadExecutor()) {
            TraceService.Trace trace = traces(hashers).trace(answer.id().toString(), false);
            assertThat(trace.decision().arm().role()).isEqualTo(ArmRole.CANDIDATE);
            assertThat(trace.decision().arm().weight()).isEqualTo(5_000);
            assertThat(trace.decision()
                            .route()
                            .kept()
                            .rolloutStep()
                            .orElseThrow()
                            .step())
                    .isZero();
            assertThat(trace.rollout().orElseThrow().rollout().id()).isEqualTo(id);
            assertThat(trace.rollout().orElseThrow().rollout().state()).isEqualTo(RolloutState.ROLLED_BACK);
            assertThat(trace.live()).as("it was live, and is no more").hasSize(1);
            assertThat(trace.live().getFirst().to()).isPresent();
        }
    }

    private TraceService traces(ExecutorService hashers) throws IOException {
        return new TraceService(
                EVERYONE,
                house.catalog,
                house.log,
                house.versions,
                new Verifier(
                        EVERYONE,
                        house.catalog,
                        new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory.resolve("other")),
                        house.log,
                        hashers),
                house.runtime);
    }

    @Test
    void who_waits_for_a_candidate_that_is_aborted_is_answered_by_the_active_version_which_is_not_blamed_for_the_wait()
            throws Exception {
        String id = begin(QUICK);
        ask(Optional.empty(), Optional.of(ArmRole.ACTIVE));
        house.runtime.hanging.add(CANDIDATE);
        CompletableFuture<Prediction> waiting = house.predictor.predict(
                Request.of("iris", body(Optional.empty()), Optional.of(ArmRole.CANDIDATE), true));
        Thread.sleep(300);
        for (int i = 0; i < 120; i++) {
            ask(Optional.empty(), Optional.of(ArmRole.ACTIVE));
        }
        assertThat(waiting).isNotDone();
        house.rollouts.abort(id, GatewayFixture.ADA, "it hangs");
        Prediction answer = waiting.join();
        assertThat(answer.version().version()).hasToString("1.0.0");
        DecisionRecord record = house.log.find(answer.id()).record().orElseThrow();
        assertThat(record.arm()).isEqualTo((byte) ArmRole.ACTIVE.ordinal());
        assertThat(record.latencyMicros()).as("what the caller waited").isGreaterThanOrEqualTo(300_000);
        assertThat(snapshot().active().recent().latency(1).orElseThrow())
                .as("what the active version took")
                .isLessThan(300_000);
        house.runtime.timeOut();
    }
}
