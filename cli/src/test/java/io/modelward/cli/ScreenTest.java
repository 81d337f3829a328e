package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Help.Ansi;

/** How output fits a terminal. */
class ScreenTest {

    private static final OptionalInt FORTY = OptionalInt.of(40);

    @ParameterizedTest
    @CsvSource({"80, 80", "' 132 ', 132", "5, 20", "0, -1", "wide, -1", "'', -1", "-3, -1", "999999, -1"})
    void columns_are_a_number_or_nothing(String variable, int columns) {
        assertThat(Screen.asked(variable).orElse(-1)).isEqualTo(columns);
        assertThat(Screen.asked(null)).isEmpty();
    }

    @Test
    void colour_is_for_terminals_whose_users_do_not_mind() {
        assertThat(Terminal.colour(true, Map.of("TERM", "xterm"))).isEqualTo(Ansi.ON);
        assertThat(Terminal.colour(true, Map.of("NO_COLOR", ""))).isEqualTo(Ansi.ON);
        assertThat(Terminal.colour(true, Map.of("NO_COLOR", "1"))).isEqualTo(Ansi.OFF);
        assertThat(Terminal.colour(true, Map.of("TERM", "dumb"))).isEqualTo(Ansi.OFF);
        assertThat(Terminal.colour(false, Map.of())).isEqualTo(Ansi.OFF);
    }

    @Test
    void a_terminal_is_asked_once_until_it_may_have_changed() {
        int[] asked = {0};
        Screen screen = new Screen(() -> OptionalInt.of(80 + asked[0]++));
        assertThat(screen.columns().getAsInt() + screen.columns().getAsInt()).isEqualTo(160);
        assertThat(screen.again().columns()).hasValue(81);
    }

    @Test
    void a_version_is_shown_whole_however_little_room_there_is() {
        Table table = new Table("~MODEL", "VERSION", "?NOTE")
                .row("default/a-model-with-a-long-name", "1.11.3", "something")
                .row("default/b", "1.11.30-rc.1+build.7", "");
        for (int columns = 22; columns < 100; columns++) {
            Table.Laid laid = table.fit(OptionalInt.of(columns));
            assertThat(String.join("\n", laid.lines())).contains("1.11.3", "1.11.30-rc.1");
            assertThat(laid.lines().stream().mapToInt(Cells::width).max().orElse(0))
                    .isLessThanOrEqualTo(columns);
        }
    }

    @Test
    void a_reference_keeps_its_version_when_its_name_is_cut() {
        Table table = new Table("~SERVES", "STATE").row("team/a-model-with-a-rather-long-name@1.11.3", "SERVING");
        assertThat(table.fit(FORTY).lines().getLast()).isEqualTo("team/a-model-with-a-rat…@1.11.3  SERVING");
        assertThat(Cells.cut("team/a-long-name@1.11.3", 12)).isEqualTo("team…@1.11.3");
    }

    @Test
    void the_last_text_is_wrapped_under_itself_and_ends_after_three_lines() {
        Table table =
                new Table("VERSION", "~WHY").row("1.1.0", "one two three four five six seven eight nine ten 11.5");
        assertThat(table.fit(OptionalInt.of(25)).lines())
                .containsExactly(
                        "VERSION  WHY",
                        "1.1.0    one two three",
                        "         four five six",
                        "         seven eight nin…");
        assertThat(table.fit(OptionalInt.of(25)).notes()).containsExactly("Not everything fits: --wide shows all.");
    }

    @Test
    void columns_that_matter_less_are_left_out_from_the_right_and_named() {
        Table table = new Table("ID", "?FROM", "?STARTED", "?BY").row("r-1234567890", "1.0.0", "2026-11-24", "ann");
        assertThat(table.fit(OptionalInt.of(24)).lines()).containsExactly("ID            FROM", "r-1234567890  1.0.0");
        assertThat(table.fit(OptionalInt.of(24)).notes())
                .containsExactly("Not everything fits: --wide shows all, also STARTED, BY.");
    }

    @Test
    void a_row_that_fits_no_line_becomes_a_block() {
        Table table = new Table("ID", "DIGEST")
                .row("0123456789", "sha256:c9fb974a447a")
                .row("9", "sha256:0");
        assertThat(table.fit(OptionalInt.of(26)).lines())
                .containsExactly(
                        "ID      0123456789", "DIGEST", "  sha256:c9fb974a447a", "", "ID      9", "DIGEST  sha256:0");
    }

    @Test
    void what_was_cut_out_of_a_text_is_never_half_a_number() {
        assertThat(Cells.shorten("from 1.11.0 to 1.11.3", 20)).isEqualTo("from 1.11.0 to…");
        assertThat(Cells.shorten("words only here", 9)).isEqualTo("words on…");
    }

    @Test
    void wide_letters_and_marks_count_as_they_are_shown() {
        assertThat(Cells.width("日本")).isEqualTo(4);
        assertThat(Cells.width("e\u0301")).isEqualTo(1);
        assertThat(new Table("~NAME", "N").row("日本", "1").row("abcd", "2").lines())
                .containsExactly("NAME  N", "日本  1", "abcd  2");
    }

    @Test
    void names_that_nobody_checked_are_marked_once() {
        Table claims = new Table("WHO", "WHAT").row("ann (unverified)", "x").row("modelward", "y");
        assertThat(claims.fit(OptionalInt.empty()).lines())
                .containsExactly("WHO        WHAT", "ann        x", "modelward  y");
        assertThat(claims.fit(OptionalInt.empty()).notes())
                .containsExactly("WHO: as the callers called themselves (unverified), but for modelward.");
        Table impostor = new Table("WHO").row("modelward (unverified)").row("modelward");
        assertThat(impostor.lines()).containsExactly("WHO", "modelward (unverified)", "modelward");
    }

    @Test
    void a_digest_gets_a_line_of_its_own_when_it_fits_there_only() {
        String digest = "sha256:0123456789012345";
        assertThat(Out.field("digest", digest, Screen.of(30))).containsExactly("  digest", "    " + digest);
        assertThat(Out.field("digest", digest, Screen.of(60))).containsExactly("  digest          " + digest);
        assertThat(Out.field("why", "some words for a reason", Screen.of(40)))
                .isEqualTo(List.of("  why             some words for a", "                  reason"));
    }
}
