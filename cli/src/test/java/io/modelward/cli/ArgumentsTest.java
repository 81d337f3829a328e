package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

    @Test
    void the_server_is_the_option_else_the_environment_else_this_machine() {
        Map<String, String> environment = Map.of("MODELWARD_URL", "http://env:1");
        assertThat(Connection.url(Optional.of("https://option/x"), environment))
                .isEqualTo(URI.create("https://option/x"));
        assertThat(Connection.url(Optional.empty(), environment)).isEqualTo(URI.create("http://env:1"));
        assertThat(Connection.url(Optional.empty(), Map.of("MODELWARD_URL", "")))
                .isEqualTo(URI.create("http://127.0.0.1:8080"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8080", "ftp://x", "http://", "http://a b", "http://x?y=1", "8080"})
    void what_is_no_address_is_refused(String url) {
        assertThatThrownBy(() -> Connection.url(Optional.of(url), Map.of())).isInstanceOf(Usage.class);
    }

    @Test
    void the_actor_is_the_option_else_the_environment_else_the_user() {
        Map<String, String> environment = Map.of("MODELWARD_ACTOR", "env");
        assertThat(Connection.actor(Optional.of("ann"), environment)).isEqualTo("ann");
        assertThat(Connection.actor(Optional.empty(), environment)).isEqualTo("env");
        assertThat(Connection.actor(Optional.empty(), Map.of())).isNotBlank();
        assertThatThrownBy(() -> Connection.actor(Optional.of("Jörg"), Map.of()))
                .isInstanceOf(Usage.class);
        assertThatThrownBy(() -> Connection.actor(Optional.of("a\nb"), Map.of()))
                .isInstanceOf(Usage.class);
    }

    @Test
    void rows_come_from_the_argument_a_file_or_the_standard_input(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("rows.json"), "[[1]]");
        String body = "{\"instances\":[[1]]}";
        assertThat(Json.write(PredictInput.read("[[1]]", InputStream.nullInputStream())))
                .isEqualTo(body);
        assertThat(Json.write(PredictInput.read("@" + file, InputStream.nullInputStream())))
                .isEqualTo(body);
        assertThat(Json.write(
                        PredictInput.read("-", new ByteArrayInputStream("[[1]]".getBytes(StandardCharsets.UTF_8)))))
                .isEqualTo(body);
        String whole = "{\"instances\":[{\"a\":1}],\"key\":\"user-1\"}";
        assertThat(Json.write(PredictInput.read(whole, InputStream.nullInputStream())))
                .isEqualTo(whole);
    }

    @Test
    void what_holds_no_rows_is_refused() {
        assertThatThrownBy(() -> PredictInput.read("{\"a\":1}", InputStream.nullInputStream()))
                .isInstanceOf(Usage.class);
        assertThatThrownBy(() -> PredictInput.read("[1", InputStream.nullInputStream()))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void an_etag_may_be_typed_without_its_quotes() {
        assertThat(Etags.quoted("3")).isEqualTo("\"3\"");
        assertThat(Etags.quoted("\"3\"")).isEqualTo("\"3\"");
        assertThat(Etags.quoted("*")).isEqualTo("*");
    }

    @Test
    void a_bare_subject_is_a_model() {
        assertThat(AuditCommand.whole("iris")).isEqualTo("default/iris");
        assertThat(AuditCommand.whole("team/iris")).isEqualTo("team/iris");
        assertThat(AuditCommand.whole("endpoint:iris")).isEqualTo("endpoint:iris");
    }
}
