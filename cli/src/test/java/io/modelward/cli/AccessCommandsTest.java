package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the commands about tokens, grants and users ask the server for, and what they make of its answers. */
class AccessCommandsTest {

    private static final String TOKEN = """
            {"id":"%s","name":"%s","owner":"service:ci","kind":"token","grants":[{"role":"publisher",
             "scope":"model:default/iris*"}],"created_at":"2026-01-01T00:00:00Z","expires_at":"2999-01-01T00:00:00Z"%s}""";
    private static final String GRANT = """
            {"id":"g-7","subject":"group:ml","role":"reader","scope":"*","granted_at":"2026-01-01T00:00:00Z",
             "granted_by":{"actor":"service:bootstrap","verified":true},"reason":"new"}""";

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
    void a_new_token_is_alone_on_the_standard_output() {
        String made = TOKEN.formatted("t-1", "ci", ",\"token\":\"mwt_new\"");
        Ran ran = done(
                made,
                "token",
                "create",
                "ci",
                "--role",
                "publisher",
                "--model",
                "iris*",
                "--model",
                "team/*",
                "--endpoint",
                "iris",
                "--experiment",
                "a b",
                "--expires",
                "30d",
                "--owner",
                "service:ci");
        assertThat(ran.out()).isEqualTo("mwt_new" + System.lineSeparator());
        assertThat(ran.err())
                .contains("t-1", "publisher on model:default/iris*")
                .doesNotContain("mwt_new");
        assertThat(asked())
                .containsExactly("POST /api/v1/access/tokens {\"name\":\"ci\",\"grants\":["
                        + "{\"role\":\"publisher\",\"scope\":\"model:iris*\"},"
                        + "{\"role\":\"publisher\",\"scope\":\"model:team/*\"},"
                        + "{\"role\":\"publisher\",\"scope\":\"endpoint:iris\"},"
                        + "{\"role\":\"publisher\",\"scope\":\"experiment:a b\"}],"
                        + "\"expires\":\"30d\",\"owner\":\"service:ci\"}");
    }

    @Test
    void a_token_without_a_scope_is_no_token_for_everything() {
        Ran ran = Ran.modelward(server, "token", "create", "ci", "--role", "reader");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("--server");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void a_token_is_revoked_by_its_id_or_by_a_name_that_one_has() {
        String id = "t-0123456789abcdef";
        String list = "{\"tokens\":[" + TOKEN.formatted(id, "ci", "") + "," + TOKEN.formatted("t-2", "twice", "") + ","
                + TOKEN.formatted("t-3", "twice", "") + ","
                + TOKEN.formatted("t-4", "ci", ",\"revoked_at\":\"2026-01-02T00:00:00Z\"") + "]}";
        done(list, "token", "revoke", "ci", "--reason", "old");
        assertThat(asked().getLast()).isEqualTo("DELETE /api/v1/access/tokens/" + id + "?reason=old");
        done(list, "token", "revoke", id);
        assertThat(asked().getLast()).isEqualTo("DELETE /api/v1/access/tokens/" + id);
        Ran twice = Ran.modelward(server, "token", "revoke", "twice");
        assertThat(twice.code()).isEqualTo(2);
        assertThat(twice.err()).contains("t-2, t-3");
        Ran none = Ran.modelward(server, "token", "revoke", "other");
        assertThat(none.code()).isEqualTo(3);
        assertThat(asked().getLast()).startsWith("GET ");
    }

    @Test
    void each_thing_named_is_a_grant_of_its_own() {
        Ran ran = done(GRANT, "grant", "add", "group:ml", "reader", "--model", "a", "--server", "--reason", "new");
        assertThat(ran.out()).contains("group:ml is reader on the whole server (g-7)");
        assertThat(asked())
                .containsExactly(
                        "POST /api/v1/access/grants"
                                + " {\"reason\":\"new\",\"subject\":\"group:ml\",\"role\":\"reader\",\"scope\":\"model:a\"}",
                        "POST /api/v1/access/grants"
                                + " {\"reason\":\"new\",\"subject\":\"group:ml\",\"role\":\"reader\",\"scope\":\"*\"}");
    }

    @Test
    void grants_are_listed_and_removed() {
        assertThat(done("{\"grants\":[" + GRANT + "]}", "grant", "list", "group:ml")
                        .out())
                .contains("g-7", "group:ml", "reader", "service:bootstrap")
                .doesNotContain("unverified");
        assertThat(asked().getLast()).isEqualTo("GET /api/v1/access/grants?subject=group%3Aml&page_size=100");
        done("{}", "grant", "remove", "g-7", "--reason", "left");
        assertThat(asked().getLast()).isEqualTo("DELETE /api/v1/access/grants/g-7?reason=left");
    }

    @ParameterizedTest
    @CsvSource({
        "team/iris, model:team/iris",
        "iris, model:default/iris",
        "model:iris, model:iris",
        "endpoint:iris, endpoint:iris",
        "experiment:a b, experiment:a b",
        "*, *"
    })
    void an_object_without_a_kind_is_a_model(String written, String sent) {
        assertThat(GrantExplainCommand.on(written)).isEqualTo(sent);
    }

    @Test
    void an_explanation_says_by_which_grants() {
        String told = "{\"subject\":\"group:ml\",\"action\":\"read\",\"on\":\"model:team/iris\",\"allowed\":true,"
                + "\"disabled\":false,\"because\":[" + GRANT + "],\"roles_that_allow\":[\"reader\",\"owner\"],"
                + "\"who_can_grant\":[\"service:bootstrap\"]}";
        Ran ran = done(told, "grant", "explain", "group:ml", "read", "team/iris");
        assertThat(ran.out()).contains("group:ml may read model:team/iris", "reader, owner", "g-7");
        Ran no = done(told.replace("true", "false"), "grant", "explain", "group:ml", "read", "team/iris");
        assertThat(no.out()).contains("group:ml may not read model:team/iris");
    }

    @Test
    void users_are_listed_shut_out_and_let_in() {
        String user = "{\"subject\":\"user:https://i#a\",\"shown\":\"ann\",\"groups\":[\"ml\"],\"disabled\":true}";
        assertThat(done("{\"users\":[" + user + "]}", "user", "list").out()).contains("ann", "disabled", "ml");
        done(user, "user", "disable", "user:https://i#a", "--reason", "left");
        done(user, "user", "enable", "user:https://i#a", "--reason", "back");
        assertThat(asked().subList(1, 3))
                .containsExactly(
                        "POST /api/v1/access/users/disable {\"reason\":\"left\",\"subject\":\"user:https://i#a\"}",
                        "POST /api/v1/access/users/enable {\"reason\":\"back\",\"subject\":\"user:https://i#a\"}");
    }

    @Test
    void a_refusal_is_9() {
        server.answering(_ -> FakeServer.json(
                403, "{\"detail\":\"ann may not publish.\",\"action\":\"publish\",\"on\":\"model:default/iris\"}"));
        Ran ran = Ran.modelward(server, "token", "list");
        assertThat(ran.code()).isEqualTo(9);
        assertThat(ran.err()).isEqualToIgnoringNewLines("ann may not publish.");
    }
}
