package io.modelward.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.json.Json;
import io.modelward.core.version.ModelName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class RolloutCallsTest {

    private static final List<Duration> THREE_TRIES = List.of(Duration.ZERO, Duration.ZERO, Duration.ofMillis(1));
    private static final RolloutCall CALL = new RolloutCall(
            Optional.of(ModelName.parse("iris")),
            "^1.1",
            Json.object().put("min_dwell", "5s"),
            true,
            OptionalLong.of(3),
            Optional.of("better"));

    private final FakeServer server = new FakeServer();
    private final ModelwardClient client = new ModelwardClient(server.url(), "tester");
    private final RolloutCalls rollouts = client.rollouts();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void a_start_says_all_that_was_asked_for_with_its_key() {
        server.answering(_ -> FakeServer.json(201, "{\"id\":\"r-1\"}"));
        assertThat(rollouts.start("iris", CALL, "k1").path("id").asString()).isEqualTo("r-1");
        FakeServer.Asked start = server.asked().getFirst();
        assertThat(start.method() + " " + start.target()).isEqualTo("POST /api/v1/endpoints/iris/rollouts");
        assertThat(start.headers().getFirst("Idempotency-Key")).isEqualTo("k1");
        assertThat(start.body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"candidate\":\"^1.1\",\"model\":\"default/iris\",\"min_dwell\":\"5s\",\"supersede\":true,"
                        + "\"expected_revision\":3,\"reason\":\"better\"}");
    }

    @Test
    void a_start_whose_answer_got_lost_is_asked_again_with_the_same_key() {
        server.answering(_ -> {
            if (server.asked().size() == 1) {
                throw new IllegalStateException("the connection is cut");
            }
            return FakeServer.json(201, "{\"id\":\"r-1\"}");
        });
        assertThat(rollouts.start("iris", CALL, "k1").path("id").asString()).isEqualTo("r-1");
        assertThat(server.asked())
                .hasSize(2)
                .allSatisfy(asked ->
                        assertThat(asked.headers().getFirst("Idempotency-Key")).isEqualTo("k1"));
    }

    @Test
    void orders_carry_their_reason() {
        rollouts.hold("r-1", "a");
        rollouts.resume("r-1", "b");
        rollouts.promote("r-1", "c");
        rollouts.abort("r-1", "d");
        rollouts.release("iris", "1.1.0", "e");
        assertThat(server.asked())
                .extracting(asked -> asked.target() + " " + new String(asked.body(), StandardCharsets.UTF_8))
                .containsExactly(
                        "/api/v1/rollouts/r-1/hold {\"reason\":\"a\"}",
                        "/api/v1/rollouts/r-1/resume {\"reason\":\"b\"}",
                        "/api/v1/rollouts/r-1/promote {\"reason\":\"c\"}",
                        "/api/v1/rollouts/r-1/abort {\"reason\":\"d\"}",
                        "/api/v1/endpoints/iris/quarantine/release {\"version\":\"1.1.0\",\"reason\":\"e\"}");
    }

    @Test
    void no_more_rollouts_are_listed_than_were_asked_for() {
        server.answering(_ -> FakeServer.json(200, "{\"rollouts\":[{\"id\":\"r-2\"}],\"next_page_token\":\"more\"}"));
        assertThat(rollouts.list("iris", 1).path("rollouts")).hasSize(1);
        assertThat(server.asked().getFirst().target()).isEqualTo("/api/v1/endpoints/iris/rollouts?page_size=1");
    }

    @Test
    void evidence_is_kept_as_the_server_wrote_it(@TempDir Path directory) throws IOException {
        String text = "{\"format\":\"modelward-evidence/1\", \"ticks\":[]}\n";
        server.answering(_ -> FakeServer.json(200, text));
        Path file = directory.resolve("new/evidence.json");
        rollouts.evidence("r-1", file);
        assertThat(file).content().isEqualTo(text);
        assertThat(rollouts.evidence("r-1")).isEqualTo(text);
        assertThat(server.asked().getFirst().target()).isEqualTo("/api/v1/rollouts/r-1/evidence");
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void watching_tells_every_change_once_until_the_rollout_ends() {
        server.answering(
                _ -> events(": hello\n\n", running(1), running(1), running(2), "event: other\ndata: {}\n\n", ended()));
        List<JsonNode> seen = new ArrayList<>();
        JsonNode last = rollouts.watch("r-1", seen::add);
        assertThat(seen).extracting(one -> one.path("step").asInt(0)).containsExactly(1, 2, 4);
        assertThat(last.path("state").asString()).isEqualTo("PROMOTED");
        assertThat(RolloutCalls.ended(last)).isTrue();
        assertThat(server.asked()).extracting(FakeServer.Asked::target).containsExactly("/api/v1/rollouts/r-1/events");
    }

    @Test
    void a_stream_that_breaks_is_opened_again() {
        server.answering(_ -> switch (server.asked().size()) {
            case 1 -> events(running(1), "event: rollout\ndata: {\"state\":\"RUN");
            case 2 -> FakeServer.json(503, "{\"detail\":\"The server is stopping.\"}");
            case 3 -> throw new IllegalStateException("the connection is cut");
            default -> events(running(1), ended());
        });
        List<JsonNode> seen = new ArrayList<>();
        rollouts.watch("r-1", seen::add, THREE_TRIES);
        assertThat(seen).extracting(one -> one.path("step").asInt(0)).containsExactly(1, 4);
        assertThat(server.asked()).hasSize(4);
    }

    @Test
    void a_stream_that_stays_broken_is_given_up_and_a_no_is_a_no() {
        server.answering(_ -> events());
        assertThatThrownBy(() -> rollouts.watch("r-1", _ -> {}, THREE_TRIES)).isInstanceOf(Unreachable.class);
        assertThat(server.asked()).hasSize(4);
        server.answering(_ -> FakeServer.json(404, "{\"detail\":\"There is no rollout with this id.\"}"));
        assertThatThrownBy(() -> rollouts.watch("r-1", _ -> {}, THREE_TRIES)).isInstanceOf(ApiException.class);
        assertThat(server.asked()).hasSize(5);
    }

    private static FakeServer.Told events(String... events) {
        return new FakeServer.Told(
                200, "text/event-stream", String.join("", events).getBytes(StandardCharsets.UTF_8));
    }

    private static String running(int step) {
        return "event: rollout\r\ndata: {\"state\":\"RUNNING\",\r\ndata: \"step\":" + step + "}\r\n\r\n";
    }

    private static String ended() {
        return "event:rollout\ndata:{\"state\":\"PROMOTED\",\"step\":4}\n\n";
    }
}
