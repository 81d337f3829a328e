package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.client.KeptTokens;
import io.modelward.client.Origin;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the token of a command comes from, and where it does not go. */
class CredentialTest {

    private final FakeServer server = new FakeServer();

    @TempDir
    private Path home;

    @AfterEach
    void close() {
        server.close();
    }

    private Surroundings around(String in, String... variables) {
        Map<String, String> environment = new TreeMap<>(Map.of("HOME", home.toString()));
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return new Surroundings(environment, new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)));
    }

    private Ran run(Surroundings surroundings, String... arguments) {
        List<String> all = new java.util.ArrayList<>(List.of(arguments));
        all.add("--url=" + server.url());
        return Ran.modelward(surroundings, all.toArray(String[]::new));
    }

    private KeptTokens tokens() {
        return KeptTokens.ofUser(Map.of("HOME", home.toString()));
    }

    private void keep(String token) throws IOException {
        tokens().keep(Origin.of(server.url()), new KeptTokens.Kept(token, "service:kept", ""));
    }

    private List<String> sent() {
        return server.asked().stream()
                .map(one -> String.valueOf(one.headers().getFirst("Authorization")))
                .toList();
    }

    @Test
    void the_standard_input_goes_before_the_environment_and_that_before_what_is_kept() throws IOException {
        run(around(""), "status");
        keep("mwt_kept");
        run(around(""), "status");
        run(around("", "MODELWARD_TOKEN", "mwt_variable"), "status");
        run(around("mwt_given\nrest", "MODELWARD_TOKEN", "mwt_variable"), "status", "--token", "-");
        assertThat(sent()).containsExactly("null", "Bearer mwt_kept", "Bearer mwt_variable", "Bearer mwt_given");
    }

    @Test
    void the_option_may_stand_before_the_command() {
        Ran.modelward(around("mwt_given\n"), "--token", "-", "--url=" + server.url(), "status");
        assertThat(sent()).containsExactly("Bearer mwt_given");
    }

    @Test
    void a_token_on_the_command_line_is_refused_and_not_repeated() {
        Ran ran = run(around("mwt_given"), "status", "--token", "mwt_shown");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("--token -", "MODELWARD_TOKEN").doesNotContain("mwt_shown");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void what_is_no_token_is_refused_without_showing_it() {
        assertThat(run(around("two words\n"), "status", "--token=-").code()).isEqualTo(2);
        Ran ran = run(around("", "MODELWARD_TOKEN", "mwt secret"), "status");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("MODELWARD_TOKEN").doesNotContain("secret");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void a_token_goes_unencrypted_to_no_other_machine_unless_its_user_says_so() {
        String[] command = {"status", "--url=http://192.0.2.1.invalid"};
        Ran refused = Ran.modelward(around("", "MODELWARD_TOKEN", "mwt_x"), command);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("unencrypted", "--insecure-http").doesNotContain("mwt_x");
        Ran allowed = Ran.modelward(around("", "MODELWARD_TOKEN", "mwt_x"), command[0], command[1], "--insecure-http");
        assertThat(allowed.code()).as(allowed.err()).isEqualTo(7);
        assertThat(Ran.modelward(around("", "MODELWARD_TOKEN", "mwt_x", "MODELWARD_INSECURE_HTTP", "1"), command)
                        .code())
                .isEqualTo(7);
        assertThat(Ran.modelward(around(""), command).code()).isEqualTo(7);
        assertThat(Ran.modelward(around(""), "login", command[1]).code()).isEqualTo(2);
    }

    @Test
    void a_file_that_others_may_read_is_not_used() throws IOException {
        keep("mwt_kept");
        Files.setPosixFilePermissions(tokens().file(), PosixFilePermissions.fromString("rw-r--r--"));
        Ran ran = run(around(""), "status");
        assertThat(ran.code()).isEqualTo(9);
        assertThat(ran.err()).contains("chmod 600").doesNotContain("mwt_kept");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void whoever_is_not_known_reads_what_to_do() throws IOException {
        server.answering(_ -> FakeServer.json(401, "{\"detail\":\"The credential is not valid.\"}"));
        Ran nobody = run(around(""), "list");
        assertThat(nobody.code()).isEqualTo(9);
        assertThat(nobody.err().lines())
                .containsExactly(
                        "The server at " + Origin.of(server.url()) + " answers to known callers only.",
                        "Log in with modelward login, or set MODELWARD_TOKEN.");
        assertThat(run(around("", "MODELWARD_TOKEN", "mwt_x"), "list").err().lines())
                .containsExactly(
                        "The credential is not valid.", "The token came from MODELWARD_TOKEN. Set it to another one.");
        keep("mwt_kept");
        assertThat(run(around(""), "list").err().lines())
                .containsExactly("The credential is not valid.", "Log in again with modelward login.");
        Ran json = run(around(""), "list", "--json");
        assertThat(json.out()).contains("\"detail\" : \"The credential is not valid.\"");
        assertThat(json.code()).isEqualTo(9);
    }
}
