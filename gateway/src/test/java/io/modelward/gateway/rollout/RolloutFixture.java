package io.modelward.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.rollout.Hold;
import io.modelward.core.rollout.RolloutProgress;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.route.Arm;
import io.modelward.core.route.ArmRole;
import io.modelward.gateway.predict.Prediction;
import io.modelward.gateway.predict.Request;
import io.modelward.gateway.route.EndpointSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A house that serves 1.0.0 of iris and has 1.1.0 and 1.2.0 as candidates, with short ways to ask it and to let time
 * pass.
 */
abstract class RolloutFixture {

    static final String CANDIDATE = "default/iris@1.1.0";
    static final String ACTIVE = "default/iris@1.0.0";
    /** Half of the requests, then all but one percent. */
    static final String PLAN = "{'steps':[50,100],'min_dwell':'600ms','min_samples':20,'evidence_deadline':'1s',"
            + "'step_timeout':'1h','latency':false%s}";

    static final String QUICK = PLAN.formatted("");
    /** Rolls back where more than half of the requests fail than before, and holds above a point. */
    static final String LENIENT = PLAN.formatted(",'rollback':{'points':0.5}");

    @TempDir
    Path directory;

    GatewayFixture house;

    @BeforeEach
    void openHouse() throws Exception {
        house = new GatewayFixture(directory, 11);
        house.publish("1.0.0");
        house.publish("1.1.0");
        house.publish("1.2.0");
        house.serve("1.0.0");
    }

    @AfterEach
    void closeHouse() {
        assertThat(house.runtime.violations).isEmpty();
        house.close();
    }

    static byte[] body(Optional<String> key) {
        String more = key.map(value -> ",\"key\":\"" + value + "\"").orElse("");
        return ("{\"instances\":[[1,2]]" + more + "}").getBytes(StandardCharsets.UTF_8);
    }

    /** Who answered a request: a version, or what its failure is called. */
    String ask(Optional<String> key, Optional<ArmRole> pinned) {
        try {
            Prediction answer = house.predictor
                    .predict(Request.of("iris", body(key), pinned, true))
                    .join();
            return answer.version().version().toString();
        } catch (CompletionException failed) {
            return ((ProblemException) failed.getCause()).problem().type().slug();
        }
    }

    /** How many of so many requests were answered by whom. */
    Map<String, Integer> ask(int requests) {
        Map<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < requests; i++) {
            answers.merge(ask(Optional.empty(), Optional.empty()), 1, Integer::sum);
        }
        return answers;
    }

    /** So many ticks of 200 ms with so many requests each. */
    void pass(int ticks, int requests) {
        for (int i = 0; i < ticks; i++) {
            ask(requests);
            house.tick(200);
        }
    }

    void until(String id, RolloutState state) {
        for (int i = 0; i < 200 && state(id) != state; i++) {
            pass(1, 60);
        }
        assertThat(state(id)).as(progress(id).reason()).isEqualTo(state);
    }

    /** Starts 1.1.0 and lets it get its first share. */
    String begin(String plan) {
        String id = house.start("1.1.0", plan);
        house.tick(50);
        assertThat(state(id).serving()).isTrue();
        return id;
    }

    RolloutProgress progress(String id) {
        return house.rollouts.get(id).rollout().progress();
    }

    RolloutState state(String id) {
        return progress(id).state();
    }

    void assertHeld(String id, Hold why) {
        assertThat(progress(id).hold()).as(progress(id).reason()).contains(why);
    }

    EndpointSnapshot snapshot() {
        return Objects.requireNonNull(house.table.get("iris"));
    }

    String serving() {
        return snapshot().active().model().version().version().toString();
    }

    int share() {
        return snapshot().route().arms().stream()
                .filter(arm -> arm.role() == ArmRole.CANDIDATE)
                .mapToInt(Arm::weight)
                .sum();
    }

    static Problem problem(ProblemType type, ThrowingCallable code) {
        Throwable thrown = catchThrowable(code);
        assertThat(thrown).isInstanceOf(ProblemException.class);
        Problem problem = ((ProblemException) thrown).problem();
        assertThat(problem.type()).as(problem.detail()).isEqualTo(type);
        return problem;
    }

    void failAt(String point) {
        house.failpoints = passed -> {
            if (passed.equals(point)) {
                throw new UncheckedIOException(new IOException("the disk says no"));
            }
        };
    }
}
