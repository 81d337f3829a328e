package io.modelward.client;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.rollout.RolloutState;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** Follows one rollout to its end. A stream that breaks before is opened again, some times and with growing pauses. */
final class RolloutWatch {

    /** Together about the time in which a server restarts. */
    static final List<Duration> PAUSES = List.of(
            Duration.ofMillis(200),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(8),
            Duration.ofSeconds(15));

    private static final int STOPPING = 503;

    private final Http http;
    private final Supplier<Address> address;
    private final Consumer<JsonNode> changes;
    private final List<Duration> pauses;
    private JsonNode last = Json.object();
    private int failed;

    /** @param pauses before each new attempt; an event that arrives makes all of them available again */
    RolloutWatch(Http http, Supplier<Address> address, Consumer<JsonNode> changes, List<Duration> pauses) {
        this.http = http;
        this.address = address;
        this.changes = changes;
        this.pauses = pauses;
    }

    /** Whether a rollout's document says that it is over. */
    static boolean ended(JsonNode rollout) {
        String state = rollout.path("state").asString("");
        return Arrays.stream(RolloutState.values()).anyMatch(one -> one.name().equals(state) && one.ended());
    }

    /** The last document. */
    JsonNode toTheEnd() {
        while (true) {
            try {
                follow();
                if (ended(last)) {
                    return last;
                }
                pause(new Unreachable("The server at " + http.base() + " ended the stream before the rollout did."));
            } catch (Unreachable broke) {
                pause(broke);
            } catch (ApiException refused) {
                if (refused.status() != STOPPING) {
                    throw refused;
                }
                pause(refused);
            }
        }
    }

    private void follow() {
        try (InputStream in = http.open(address.get()).body()) {
            EventReader reader = new EventReader(in);
            for (Optional<EventReader.Event> event = reader.next(); event.isPresent(); event = reader.next()) {
                if (event.get().name().equals("rollout")) {
                    failed = 0;
                    show(Json.parse(event.get().data(), "event"));
                }
                if (ended(last)) {
                    return;
                }
            }
        } catch (IOException brokeOff) {
            throw http.unreachable(brokeOff);
        } catch (ProblemException notJson) {
            throw new Unreachable("What came from " + http.base() + " is no rollout.", notJson);
        }
    }

    /** A stream that was opened again begins with what may be known already. */
    private void show(JsonNode rollout) {
        if (!rollout.equals(last)) {
            last = rollout;
            changes.accept(rollout);
        }
    }

    private void pause(RuntimeException why) {
        if (failed >= pauses.size() || Thread.currentThread().isInterrupted()) {
            throw why;
        }
        try {
            Thread.sleep(pauses.get(failed++));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw why;
        }
    }
}
