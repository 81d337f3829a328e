package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class RolloutReplayCommandTest {

    private static final String HARM = """
            split,n_canary,x_canary,n_active,x_active
            0.05,5,0,95,1
            0.05,5,1,95,0
            0.05,5,1,95,2
            0.05,5,2,95,1
            0.5,100000,0,100000,5000
            """;
    private static final String[] ANY_HARM = {"--points", "0", "--prior", "0.01"};

    @TempDir
    private Path directory;

    @Test
    void every_tick_has_a_line_also_after_the_verdict() throws IOException {
        Ran ran = replay(HARM, ANY_HARM);
        assertThat(ran.out().lines().limit(4))
                .containsExactly(
                        "1 -0.3772469201 -0.1709385527 undecided",
                        "2 0.9973621662 0.6181867802 undecided",
                        "3 1.9195131966 1.3632353862 undecided",
                        "4 5.5029779175 4.8138970777 harm");
        assertThat(ran.out().lines()).hasSize(5);
        assertThat(ran.out().lines().toList().getLast()).matches("5 -\\d+\\.\\d{10} -?\\d+\\.\\d{10} harm");
        assertThat(ran.code()).isEqualTo(6);
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void no_harm_is_0_and_nothing_counted_is_a_plain_zero() throws IOException {
        Ran ran = replay("0.05,0,0,0,0\n1,10,10,0,0\n");
        assertThat(ran.out().lines())
                .containsExactly("1 0.0000000000 0.0000000000 undecided", "2 0.0000000000 0.0000000000 undecided");
        assertThat(ran.code()).isZero();
        assertThat(RolloutReplayCommand.decimal(-1e-12)).isEqualTo("0.0000000000");
        assertThat(RolloutReplayCommand.decimal(-0.0)).isEqualTo("0.0000000000");
        assertThat(replay("").out()).isEmpty();
    }

    @Test
    void the_counters_come_from_the_standard_input_too() {
        InputStream before = System.in;
        try {
            for (String[] arguments : new String[][] {{"rollout", "replay"}, {"rollout", "replay", "-"}}) {
                System.setIn(new ByteArrayInputStream("0.5,100,90,100,0\n".getBytes(StandardCharsets.UTF_8)));
                Ran ran = Ran.modelward(arguments);
                assertThat(ran.out()).startsWith("1 ").endsWith(" harm" + System.lineSeparator());
                assertThat(ran.code()).isEqualTo(6);
            }
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void a_script_gets_one_document() throws IOException {
        JsonNode document = Json.parse(
                replay(HARM, "--points", "0", "--prior", "0.01", "--json").out(), "out");
        assertThat(document.path("verdict").asString()).isEqualTo("harm");
        assertThat(document.path("crossed_at").asInt()).isEqualTo(4);
        assertThat(document.path("ticks")).hasSize(5);
        assertThat(document.path("ticks").path(0).path("verdict").asString()).isEqualTo("undecided");
    }

    @Test
    void a_malformed_line_is_named_and_nothing_is_printed() throws IOException {
        Ran ran = replay("0.05,5,0,95,1\n0.05,5,6,95,1\n");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("Line 2, column 3 (x_canary): \"6\" is out of range.");
    }

    private Ran replay(String text, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("rollout", "replay"));
        arguments.add(Files.writeString(directory.resolve("ticks.csv"), text).toString());
        arguments.addAll(List.of(options));
        return Ran.modelward(arguments.toArray(String[]::new));
    }
}
