package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Help.Ansi;
import tools.jackson.databind.JsonNode;

class RenderingTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "1536, 1.5 KiB",
        "102348, 99.9 KiB",
        "102400, 100 KiB",
        "1048575, 1.0 MiB",
        "1073741824, 1.0 GiB",
        "9223372036854775807, 8.0 EiB"
    })
    void a_size_is_short(long bytes, String shown) {
        assertThat(Sizes.human(bytes)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "0.973, 0.973",
        "0.6666666666666666, 0.666667",
        "100, 100",
        "1234567, 1234570",
        "0, 0",
        "1e-7, 0.0000001",
        "1e300, 1E+300",
        "-2.50, -2.5"
    })
    void a_number_has_six_digits_at_most(String number, String shown) {
        assertThat(Numbers.value(Json.parse(number, "number"))).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"0.1, 0.3, +0.2", "0.98, 0.967, -0.013", "0.5, 0.5, 0", "null, 0.5, ''"})
    void a_change_is_exact_and_has_a_sign(String from, String to, String shown) {
        assertThat(Numbers.change(Json.parse(from, "from"), Json.parse(to, "to")))
                .isEqualTo(shown);
    }

    @Test
    void columns_are_aligned_and_nothing_trails() {
        Table table = new Table("NAME", ">COUNT", "NOTE").row("iris", "7", "").row("a-long-name", "1234", "ü");
        assertThat(table.lines())
                .containsExactly("NAME         COUNT  NOTE", "iris             7", "a-long-name   1234  ü");
    }

    @Test
    void what_others_wrote_cannot_take_over_the_terminal() {
        assertThat(Text.harmless("a\u001b[31mb\nc\u202ed\u2028e")).isEqualTo("a\uFFFD[31mb c\uFFFDd\uFFFDe");
    }

    @Test
    void times_have_no_fractions_and_actors_say_whether_they_were_checked() {
        JsonNode json = Json.parse(
                "{\"at\":\"2026-11-24T14:34:33.600520Z\",\"odd\":\"soon\",\"by\":{\"actor\":\"ann\",\"verified\":false},"
                        + "\"sure\":{\"actor\":\"bob\",\"verified\":true}}",
                "json");
        assertThat(Text.time(json, "at")).isEqualTo("2026-11-24 14:34:33Z");
        assertThat(Text.time(json, "odd")).isEqualTo("soon");
        assertThat(Text.time(json, "none")).isEmpty();
        assertThat(Text.who(json, "by")).isEqualTo("ann (unverified)");
        assertThat(Text.who(json, "sure")).isEqualTo("bob");
    }

    @Test
    void colour_is_only_on_a_terminal() {
        StringWriter text = new StringWriter();
        new Out(new PrintWriter(text), new PrintWriter(text), Ansi.ON, false, Screen.UNLIMITED).good("done");
        new Out(new PrintWriter(text), new PrintWriter(text), Ansi.OFF, false, Screen.UNLIMITED).good("done");
        assertThat(text.toString().lines()).containsExactly("\u001b[32mdone\u001b[0m", "done");
    }

    @Test
    void a_terminal_sees_a_bar_that_moves() {
        StringWriter text = new StringWriter();
        AtomicLong clock = new AtomicLong();
        try (TransferBar bar =
                new TransferBar(new PrintWriter(text), OptionalInt.of(100), clock::get, "", "model.joblib", 4096)) {
            clock.set(1_000_000_000);
            bar.moved(1024);
            clock.set(1_000_000_001);
            bar.moved(1500);
            clock.set(2_000_000_000);
            bar.done("Uploaded");
        }
        assertThat(text.toString())
                .contains("model.joblib  [######------------------]  25%  1.0 KiB of 4.0 KiB  1.0 KiB/s")
                .contains("100%  4.0 KiB of 4.0 KiB  2.0 KiB/s")
                .doesNotContain("1.5 KiB")
                .endsWith("\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {67, 80, 120})
    void a_bar_fits_its_terminal_and_shows_the_whole_version(int columns) {
        TransferBar bar = new TransferBar(
                new PrintWriter(new StringWriter()),
                OptionalInt.of(columns),
                () -> 0,
                "team/a-long-name@1.11.3",
                "weights/of/the/model.safetensors",
                1L << 40);
        assertThat(bar.bar(1023L << 30, 1)).contains("@1.11.3 ").contains("…").hasSizeLessThanOrEqualTo(columns);
    }

    @Test
    void a_file_sees_one_plain_line() {
        StringWriter text = new StringWriter();
        AtomicLong clock = new AtomicLong();
        try (TransferBar bar =
                new TransferBar(new PrintWriter(text), OptionalInt.empty(), clock::get, "", "model.joblib", 4096)) {
            clock.set(1_000_000_000);
            bar.moved(1024);
            bar.done("Uploaded");
        }
        assertThat(text.toString().lines()).containsExactly("Uploaded model.joblib (4.0 KiB)");
    }
}
