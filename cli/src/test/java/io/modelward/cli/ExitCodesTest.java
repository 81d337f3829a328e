package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExitCodesTest {

    private final FakeServer server = new FakeServer();

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "400, 2", "403, 9", "404, 3", "409, 4", "412, 4", "413, 5", "415, 5", "421, 2", "422, 5", "429, 7", "500, 1",
        "503, 7", "504, 1", "507, 1"
    })
    void the_exit_code_follows_from_what_the_server_said(int status, int code) {
        server.answering(_ -> FakeServer.json(status, "{\"status\":" + status + ",\"detail\":\"No, because.\"}"));
        Ran ran = Ran.modelward(server, "list");
        assertThat(ran.code()).isEqualTo(code);
        assertThat(ran.err()).isEqualToIgnoringNewLines("No, because.");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void no_server_is_7() {
        Ran ran = Ran.modelward("status", "--url", "http://127.0.0.1:1");
        assertThat(ran.code()).isEqualTo(7);
        assertThat(ran.err())
                .contains("No server answers at http://127.0.0.1:1")
                .doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bogus",
                "alias",
                "show",
                "show iris@1.x.y.z",
                "show a/b/c",
                "flip iris 1.0.0",
                "publish iris nowhere --card nocard.json",
                "diff iris@1.0.0 other@1.0.0",
                "list --url nonsense",
                "predict iris [1",
                "audit --limit 0",
                "publish iris x --card y --version 1.0.0 --bump minor",
                "import nowhere",
                "rollout",
                "rollout start iris",
                "rollout start iris 1.x.y --steps 5",
                "rollout start iris 1.1.0 --steps 5,x",
                "rollout abort iris",
                "rollout release iris 1.1.0",
                "rollout list iris --limit 0",
                "rollout replay nowhere.csv",
                "rollout replay - --alpha 2",
                "rollout replay - --prior 2",
                "rollout plan --split 1",
                "rollout plan --ratio x",
                "rollout plan --canary 1.5",
                "rollout plan --rate 0"
            })
    void a_command_line_that_cannot_be_meant_is_2_and_says_so(String line) {
        Ran ran = Ran.modelward(line.isEmpty() ? new String[0] : line.split(" "));
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).isNotBlank().doesNotContain("Exception").doesNotContain("\tat ");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void a_script_gets_the_problem_as_its_document_too() {
        server.answering(_ -> FakeServer.json(404, "{\"status\":404,\"detail\":\"No such model.\"}"));
        Ran ran = Ran.modelward(server, "alias", "get", "iris", "champion", "--json");
        assertThat(ran.code()).isEqualTo(3);
        assertThat(ran.out()).contains("\"detail\" : \"No such model.\"");
        assertThat(ran.err()).contains("No such model.");
    }

    @Test
    void a_refused_bump_names_each_breaking_field_once_and_the_least_version() {
        server.answering(_ -> FakeServer.json(422, """
                {"detail":"1.2.0 breaks callers of 1.1.0: a: was x, is y; b: is gone. The least version allowed is 2.0.0.",
                 "breaking":[{"path":"a","what":"was x, is y","verdict":"breaking"},{"path":"b","what":"is gone","verdict":"unknown"}],
                 "least_version":"2.0.0"}"""));
        assertThat(Ran.modelward(server, "list").err().lines())
                .containsExactly(
                        "1.2.0 breaks callers of 1.1.0:",
                        "  a: was x, is y",
                        "  b: is gone (cannot be decided)",
                        "The least version allowed is 2.0.0.",
                        "What cannot be decided passes with --override-reason.");
    }

    @Test
    void a_conflict_says_what_is_current() {
        server.answering(_ -> FakeServer.json(
                412,
                "{\"detail\":\"It was changed"
                        + " meanwhile.\",\"current\":{\"version\":\"1.9.0\",\"etag\":\"\\\"4\\\"\"}}"));
        assertThat(Ran.modelward(server, "list").err().lines())
                .containsExactly("It was changed meanwhile.", "Current: version 1.9.0, etag \"4\".");
    }

    @Test
    void every_mistake_of_a_card_is_named() {
        server.answering(_ -> FakeServer.json(422, """
                {"detail":"The card's author: must be a string. And 1 more, listed in errors.","field":"author",
                 "errors":[{"field":"author","what":"must be a string"},{"field":"version","what":"must be a version"}]}"""));
        assertThat(Ran.modelward(server, "list").err().lines())
                .containsExactly(
                        "The card's author: must be a string. In all:",
                        "  author: must be a string",
                        "  version: must be a version");
    }
}
