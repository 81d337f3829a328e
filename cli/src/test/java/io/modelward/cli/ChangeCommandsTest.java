package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChangeCommandsTest {

    private final FakeServer server = new FakeServer();

    @AfterEach
    void close() {
        server.close();
    }

    private List<String> asked() {
        return server.asked().stream()
                .map(one -> one.method() + " " + one.target() + " " + new String(one.body(), StandardCharsets.UTF_8))
                .map(String::strip)
                .toList();
    }

    private Ran done(String answer, String... command) {
        server.answering(_ -> FakeServer.json(200, answer));
        Ran ran = Ran.modelward(server, command);
        assertThat(ran.code()).as(ran.err()).isZero();
        return ran;
    }

    @Test
    void a_model_is_renamed_described_deleted_and_brought_back() {
        String model = "{\"model\":\"default/lily\",\"versions\":2}";
        assertThat(done(model, "model", "rename", "iris", "lily", "--reason", "better")
                        .out())
                .contains("default/iris is default/lily now");
        done(model, "model", "describe", "lily", "flowers");
        assertThat(done("{}", "model", "delete", "lily", "--reason", "old").out())
                .contains("default/lily is deleted");
        assertThat(done(model, "model", "undelete", "lily").out()).contains("default/lily is back, with 2 versions");
        assertThat(asked())
                .containsExactly(
                        "POST /api/v1/models/default/iris/rename {\"reason\":\"better\",\"name\":\"default/lily\"}",
                        "PUT /api/v1/models/default/lily/description {\"description\":\"flowers\"}",
                        "DELETE /api/v1/models/default/lily?reason=old",
                        "POST /api/v1/models/default/lily/undelete {}");
    }

    @Test
    void a_version_is_tagged_under_the_number_that_the_reference_means() {
        String version = "{\"model\":\"default/iris\",\"version\":\"1.2.0\",\"tags\":{\"a/b\":\"x=y\"}}";
        assertThat(done(version, "version", "tag", "iris@champion", "a/b=x=y", "--remove", "old")
                        .out())
                .contains("the tags of default/iris@1.2.0 are changed", "a/b x=y");
        assertThat(asked())
                .containsExactly(
                        "GET /api/v1/models/default/iris/resolve?selector=champion",
                        "PUT /api/v1/models/default/iris/versions/1.2.0/tags/a/b {\"value\":\"x=y\"}",
                        "DELETE /api/v1/models/default/iris/versions/1.2.0/tags/old",
                        "GET /api/v1/models/default/iris/versions/1.2.0");
    }

    @Test
    void a_tag_that_is_none_changes_nothing_and_so_does_none_at_all() {
        assertThat(Ran.modelward(server, "model", "tag", "iris", "a=b", "nothing")
                        .code())
                .isEqualTo(2);
        assertThat(Ran.modelward(server, "model", "tag", "iris").err()).contains("KEY=VALUE");
        assertThat(asked()).isEmpty();
    }

    @Test
    void only_an_exact_version_is_deleted_or_brought_back() {
        for (String reference : List.of("iris", "iris@champion", "iris@^1")) {
            Ran ran = Ran.modelward(server, "version", "delete", reference);
            assertThat(ran.code()).isEqualTo(2);
            assertThat(ran.err()).contains("Name the exact version");
        }
        done("{}", "version", "delete", "iris@1.2.0");
        done("{}", "version", "undelete", "iris@1.2.0");
        assertThat(asked())
                .containsExactly(
                        "DELETE /api/v1/models/default/iris/versions/1.2.0",
                        "POST /api/v1/models/default/iris/versions/1.2.0/undelete {}");
    }

    @Test
    void an_endpoint_is_deleted_at_the_revision_that_was_seen() {
        assertThat(done("", "endpoint", "delete", "iris", "--expected-revision", "4", "--reason", "retired")
                        .out())
                .contains("endpoint iris is deleted");
        assertThat(asked()).containsExactly("DELETE /api/v1/endpoints/iris?reason=retired&expected_revision=4");
    }

    @Test
    void runs_are_a_table_with_their_first_metrics() {
        Ran ran = done("""
                {"runs":[{"run":"0a","name":"bold-fox-1","experiment":"0","status":"finished","user":"ada",
                  "started_at":"2026-01-01T00:00:00Z","metrics":{"accuracy":{"value":0.9,"step":1},"loss":{"value":"NaN","step":1}}}]}""", "runs", "list", "--experiment", "0", "--filter", "metrics.accuracy > 0.5");
        assertThat(ran.out()).contains("bold-fox-1", "finished", "accuracy 0.9, loss NaN");
        assertThat(asked())
                .singleElement()
                .asString()
                .contains("view=active", "experiment=0", "filter=metrics.accuracy%20%3E%200.5");
    }

    @Test
    void a_run_is_shown_whole() {
        assertThat(done("""
                {"run":"0a","name":"bold-fox-1","experiment":"0","status":"finished","parameters":{"depth":"4"},
                 "metrics":{"accuracy":{"value":0.9,"step":1}},"tags":{"k":"v"},"datasets":[],"models":[]}""", "runs", "show", "0a").out()).contains("Run 0a", "depth 4", "accuracy 0.9", "k v");
    }
}
