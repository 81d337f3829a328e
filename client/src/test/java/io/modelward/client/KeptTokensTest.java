package io.modelward.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptTokensTest {

    private static final Origin HERE = Origin.of(URI.create("https://models.example.org"));
    private static final Origin THERE = Origin.of(URI.create("https://models.example.org:8443"));
    private static final KeptTokens.Kept ANN =
            new KeptTokens.Kept("mwt_ann", "user:https://login.example.org#ann", "2027-01-01T00:00:00Z");

    @TempDir
    private Path home;

    private KeptTokens tokens = new KeptTokens(Path.of("nowhere"));

    @BeforeEach
    void open() {
        tokens = KeptTokens.ofUser(
                Map.of("XDG_CONFIG_HOME", home.resolve("config").toString()));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void a_token_is_kept_for_its_origin_alone() throws IOException {
        assertThat(tokens.find(HERE)).isEmpty();
        tokens.keep(HERE, ANN);
        tokens.keep(THERE, new KeptTokens.Kept("mwt_bob", "service:bob", ""));
        assertThat(tokens.find(HERE)).contains(ANN);
        assertThat(tokens.find(Origin.of(URI.create("HTTPS://Models.Example.org:443/below"))))
                .contains(ANN);
        assertThat(tokens.find(Origin.of(URI.create("http://models.example.org"))))
                .isEmpty();
        tokens.forget(HERE);
        assertThat(tokens.find(HERE)).isEmpty();
        assertThat(tokens.find(THERE)).map(KeptTokens.Kept::token).contains("mwt_bob");
    }

    @Test
    void the_file_and_its_folder_are_for_their_owner_alone() throws IOException {
        tokens.keep(HERE, ANN);
        assertThat(mode(tokens.file())).isEqualTo("rw-------");
        Path folder = home.resolve("config/modelward");
        assertThat(mode(folder)).isEqualTo("rwx------");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        tokens.keep(THERE, ANN);
        assertThat(mode(folder)).isEqualTo("rwx------");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(tokens.file());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-"})
    void a_file_that_others_may_read_or_change_is_refused(String mode) throws IOException {
        tokens.keep(HERE, ANN);
        Files.setPosixFilePermissions(tokens.file(), PosixFilePermissions.fromString(mode));
        assertThatThrownBy(() -> tokens.find(HERE))
                .isInstanceOf(UnsafeFile.class)
                .hasMessageContaining("chmod 600 " + tokens.file())
                .hasMessageNotContaining("mwt_");
        assertThatThrownBy(() -> tokens.keep(THERE, ANN)).isInstanceOf(UnsafeFile.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mwt_secret", "[\"mwt_secret\"]", "{\"servers\": {\"a\": \"mwt_secret\""})
    void a_damaged_file_is_refused_without_quoting_it(String text) throws IOException {
        tokens.keep(HERE, ANN);
        Files.writeString(tokens.file(), text);
        assertThatThrownBy(() -> tokens.find(HERE))
                .isInstanceOf(UnsafeFile.class)
                .hasMessageContaining("Move it away")
                .hasMessageNotContaining("mwt_secret");
    }

    @Test
    void the_place_is_below_the_home_folder_unless_configured() {
        Path usual = Path.of("/home/ann/.config/modelward/credentials");
        assertThat(KeptTokens.ofUser(Map.of("HOME", "/home/ann")).file()).isEqualTo(usual);
        assertThat(KeptTokens.ofUser(Map.of("HOME", "/home/ann", "XDG_CONFIG_HOME", "not/absolute"))
                        .file())
                .isEqualTo(usual);
        assertThat(KeptTokens.ofUser(Map.of("HOME", "/home/ann", "XDG_CONFIG_HOME", "/etc/ann"))
                        .file())
                .isEqualTo(Path.of("/etc/ann/modelward/credentials"));
    }

    @Test
    void what_is_kept_does_not_print_the_token() {
        assertThat(ANN.toString()).contains("#ann").doesNotContain("mwt_ann");
    }
}
