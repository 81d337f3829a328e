package io.modelward.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.prediction.DecisionRecord;
import io.modelward.core.prediction.PredictionId;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.route.ArmRole;
import io.modelward.gateway.predict.Prediction;
import io.modelward.gateway.predict.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Sends requests and keeps books of its own about them, without looking at how the server counts: what each rollout may
 * at most have as evidence, and that every admitted request has one decision record that says what its answer says.
 */
final class Ledger {

    private static final byte[] PLAIN = "{\"instances\":[[1,2]]}".getBytes(StandardCharsets.UTF_8);

    private final GatewayFixture house;
    /** Per rollout: eligible requests by arm. */
    final Map<String, long[]> eligible = new HashMap<>();

    private final Map<String, Set<String>> keys = new HashMap<>();
    private final List<CompletableFuture<Prediction>> pending = new ArrayList<>();
    private final Set<PredictionId> ids = new HashSet<>();
    int answered;

    Ledger(GatewayFixture house) {
        this.house = house;
    }

    /** One request while {@code rollout} gives the candidate traffic, or while none does. */
    void request(Optional<String> rollout, Optional<String> key, Optional<ArmRole> pinned, boolean counted) {
        byte[] body = key.map(
                        value -> ("{\"instances\":[[1,2]],\"key\":\"" + value + "\"}").getBytes(StandardCharsets.UTF_8))
                .orElse(PLAIN);
        boolean first = key.isEmpty()
                || rollout.isEmpty()
                || (counted
                        && pinned.isEmpty()
                        && keys.computeIfAbsent(rollout.get(), id -> new HashSet<>())
                                .add(key.get()));
        CompletableFuture<Prediction> answer = house.predictor.predict(Request.of("iris", body, pinned, counted));
        if (rollout.isPresent() && counted && pinned.isEmpty() && first) {
            eligible.computeIfAbsent(rollout.get(), id -> new long[1])[0]++;
        }
        pending.add(answer);
        settle();
    }

    /** Checks the requests that have ended. */
    void settle() {
        pending.removeIf(answer -> {
            if (answer.isDone()) {
                check(answer);
            }
            return answer.isDone();
        });
    }

    int waiting() {
        return pending.size();
    }

    private void check(CompletableFuture<Prediction> answer) {
        answered++;
        try {
            Prediction prediction = answer.join();
            record(prediction.id(), prediction.version().digest(), 200);
            assertThat(new String(prediction.answer().whole(), StandardCharsets.UTF_8))
                    .as("the version that is named is the one that answered")
                    .isEqualTo("["
                            + Json.write(Json.array()
                                    .add(prediction.version().reference())
                                    .get(0)) + "]");
        } catch (CompletionException failed) {
            assertThat(failed.getCause()).isInstanceOf(ProblemException.class);
            var extra = ((ProblemException) failed.getCause()).problem();
            PredictionId id = PredictionId.parse((String) extra.extra().get("prediction_id"))
                    .orElseThrow();
            record(
                    id,
                    Digest.parse((String) extra.extra().get("digest")),
                    extra.type().status());
        }
    }

    private void record(PredictionId id, Digest digest, int status) {
        assertThat(ids.add(id)).as("one decision record per request").isTrue();
        DecisionRecord record = house.log.find(id).record().orElseThrow();
        assertThat(record.digest()).isEqualTo(digest);
        assertThat(record.status()).isEqualTo(status);
    }
}
