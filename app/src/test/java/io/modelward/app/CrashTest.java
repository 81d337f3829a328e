package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.store.failpoint.ScriptedFailpoints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Ends the process, as kill -9 does, at a named step of publishing and of moving an alias, and looks at what the next
 * start finds: what was answered is there, what is visible is whole, ordinals have no gap, and every change has its
 * audit entry.
 */
@Tag("process")
class CrashTest {

    private static final String CARD =
            "{\"name\":\"iris\",\"input_schema\":{\"type\":\"array\",\"items\":{\"type\":\"number\"}}}";

    @TempDir
    Path directory;

    static List<String> failpoints() {
        return List.of(
                "disk.create:6",
                "disk.create:12",
                "disk.write:4",
                "disk.write:20",
                "disk.write:22",
                "disk.sync:3",
                "disk.sync:4",
                "disk.sync:5",
                "disk.link:1",
                "disk.link:2",
                "disk.link:3",
                "disk.rename:1",
                "disk.sync-directory:5",
                "disk.sync-directory:12",
                "disk.sync-directory:16",
                "disk.delete:3",
                "publish.before-audit:1",
                "publish.before-audit:3",
                "alias.before-audit:1",
                "alias.before-audit:2",
                "catalog.before-commit:1",
                "catalog.before-commit:4",
                "catalog.before-commit:7",
                "catalog.after-commit:3",
                "catalog.after-commit:6",
                "catalog.after-commit:9");
    }

    /** Lines of the configuration; the same for both starts. */
    String settings() {
        return "";
    }

    private final Map<String, String> answeredVersions = new LinkedHashMap<>();
    private String answeredAlias = "";
    private String askedAlias = "";

    /** Two at a time, since they mostly wait for processes; other classes wait for all of them. */
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("failpoints")
    void what_was_answered_is_there_and_what_is_visible_is_whole(String failpoint) throws Exception {
        ServerProcess dying = ServerProcess.start(directory, settings() + "test.failpoints=" + failpoint + "=halt\n");
        try {
            if (dying.started()) {
                work(dying);
            }
        } catch (IOException died) {
            // This is what the test is about.
        }
        assertThat(dying.exitCode()).as("the failpoint was reached").isEqualTo(ScriptedFailpoints.HALTED);
        try (ServerProcess server = ServerProcess.start(directory, settings())) {
            assertThat(server.started()).isTrue();
            check(server);
            publish(server, "9.0.0");
            check(server);
        }
        try (var incoming = Files.list(directory.resolve("data/blobs/incoming"))) {
            assertThat(incoming).isEmpty();
        }
    }

    private void work(ServerProcess server) throws IOException {
        for (String version : List.of("1.0.0", "1.1.0", "1.2.0")) {
            publish(server, version);
            askedAlias = version;
            ServerProcess.Answer answer = server.call(
                    "PUT", "/api/v1/models/default/iris/aliases/champion", "{\"version\":\"" + version + "\"}");
            assertThat(answer.status()).isEqualTo(200);
            answeredAlias = version;
        }
    }

    private void publish(ServerProcess server, String version) throws IOException {
        String draft = server.call("POST", "/api/v1/models/default/iris/drafts", "{}")
                .body()
                .path("id")
                .asString();
        byte[] content = ("the model " + version).repeat(1000).getBytes(StandardCharsets.UTF_8);
        assertThat(server.call("PUT", "/api/v1/drafts/" + draft + "/files/model.joblib", content)
                        .status())
                .isEqualTo(200);
        ServerProcess.Answer published = server.call(
                "POST",
                "/api/v1/drafts/" + draft + "/publish",
                "{\"version\":\"" + version + "\",\"card\":" + CARD + "}");
        assertThat(published.status()).as(published.toString()).isIn(200, 201);
        answeredVersions.put(version, published.body().path("digest").asString());
    }

    private void check(ServerProcess server) throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        List<Integer> ordinals = new ArrayList<>();
        if (server.call("GET", "/api/v1/models/default/iris", null).ok()) {
            for (JsonNode version :
                    server.get("/api/v1/models/default/iris/versions").get("versions")) {
                found.put(
                        version.get("version").asString(), version.get("digest").asString());
                ordinals.add(version.get("ordinal").intValue());
            }
        }
        assertThat(found).containsAllEntriesOf(answeredVersions);
        assertThat(ordinals)
                .isEqualTo(java.util.stream.IntStream.rangeClosed(1, ordinals.size())
                        .boxed()
                        .toList());
        JsonNode verified = server.call("POST", "/api/v1/verify", "{}").body();
        assertThat(verified.get("intact").booleanValue())
                .as(verified.toString())
                .isTrue();
        assertThat(verified.get("versions").intValue()).isEqualTo(found.size());
        checkAlias(server);
        long publishes = 0;
        long moves = 0;
        for (JsonNode entry : server.get("/api/v1/audit?page_size=1000").get("entries")) {
            publishes += entry.get("action").asString().equals("publish") ? 1 : 0;
            moves += entry.get("action").asString().equals("alias.set") ? 1 : 0;
        }
        assertThat(publishes).as("audit entries of publishing").isEqualTo(found.size());
        ServerProcess.Answer alias = server.call("GET", "/api/v1/models/default/iris/aliases/champion", null);
        assertThat(moves)
                .as("audit entries of alias moves")
                .isEqualTo(alias.body().path("history").size());
    }

    /** The alias stands where the last answer said, or where the question that died unanswered wanted it. */
    private void checkAlias(ServerProcess server) throws IOException {
        ServerProcess.Answer alias = server.call("GET", "/api/v1/models/default/iris/aliases/champion", null);
        String version = alias.body().path("version").asString("");
        assertThat(version).isIn(answeredAlias, askedAlias);
    }
}
