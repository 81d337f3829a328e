package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.json.Json;
import io.modelward.core.version.SemVer;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Odds, durations, times, versions and schemas as people write and read them. */
class WordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "8.89; 7,300 : 1",
                "4.605170186; 100 : 1",
                "2.995732274; 20 : 1",
                "1.2; 3.3 : 1",
                "0; none",
                "-4; none",
                "53.75; >1,000,000 : 1"
            })
    void evidence_is_odds(double logarithm, String odds) {
        assertThat(Odds.of(logarithm)).isEqualTo(odds);
    }

    @Test
    void a_sentence_of_the_server_has_odds_for_powers_of_e() {
        assertThat(Odds.inWords("It is proven: the evidence is e^8.89, the limit e^4.61 (a false alarm: 1 %)."))
                .isEqualTo("It is proven: the evidence is 7,300 : 1, and 100 : 1 is enough (a false alarm: 1 %).");
        assertThat(Odds.inWords("e^8.89 of a user's own")).isEqualTo("e^8.89 of a user's own");
    }

    @ParameterizedTest
    @CsvSource({
        "0.04, 0.04ms",
        "0, 0ms",
        "4.26, 4.3ms",
        "412, 412ms",
        "3240, 3.2s",
        "59960, 60s",
        "60000, 1m",
        "252000, 4m 12s",
        "3900000, 1h 5m",
        "183600000, 2d 3h"
    })
    void a_duration_has_the_units_of_the_options(double millis, String shown) {
        assertThat(Spans.ofMillis(millis)).isEqualTo(shown);
    }

    @Test
    void a_moment_is_a_time_a_date_or_how_long_ago() {
        Instant now = Instant.parse("2026-11-28T12:00:00Z");
        assertThat(SpanOptions.moment("--since", "2d", now)).isEqualTo("2026-11-26T12:00:00Z");
        assertThat(SpanOptions.moment("--since", "90s", now)).isEqualTo("2026-11-28T11:58:30Z");
        assertThat(SpanOptions.moment("--since", "2026-11-01", now)).isEqualTo("2026-11-01T00:00:00Z");
        assertThat(SpanOptions.moment("--since", "2026-11-01T10:00:00+02:00", now))
                .isEqualTo("2026-11-01T08:00:00Z");
        assertThatThrownBy(() -> SpanOptions.moment("--since", "yesterday", now))
                .isInstanceOf(Usage.class)
                .hasMessageContaining("--since");
    }

    @ParameterizedTest
    @CsvSource({
        "v1.2.0, 1.2.0",
        "2, 2.0.0",
        "v2, 2.0.0",
        "1.5, 1.5.0",
        "2023-05-01, 2023.5.1",
        "2023_05, 2023.5.0",
        "v1.2.0-rc.1, 1.2.0-rc.1",
        "1.2.0, 1.2.0"
    })
    void a_lenient_import_takes_names_that_are_nearly_versions(String folder, String version) {
        assertThat(new FolderNames(List.of(), true).version("iris", folder)).contains(SemVer.parse(version));
    }

    @ParameterizedTest
    @ValueSource(strings = {"latest", "final-2", "v", "1.2.3.4"})
    void a_lenient_import_does_not_guess(String folder) {
        assertThat(new FolderNames(List.of(), true).version("iris", folder)).isEmpty();
        assertThat(FolderNames.hint(folder)).contains("--map " + folder + "=VERSION");
    }

    @Test
    void a_map_names_folders_of_one_model_or_of_all() {
        FolderNames names = new FolderNames(List.of("v1=1.0.0", "iris/v1=2.0.0", "gone=3.0.0"), false);
        assertThat(names.version("iris", "v1")).contains(SemVer.parse("2.0.0"));
        assertThat(names.version("wine", "v1")).contains(SemVer.parse("1.0.0"));
        assertThat(names.version("wine", "v2")).isEmpty();
        assertThat(names.unused()).containsExactly("gone");
        for (String wrong : List.of("v1", "v1=1.0", "=1.0.0")) {
            assertThatThrownBy(() -> new FolderNames(List.of(wrong), false)).isInstanceOf(Usage.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"type\":\"number\"}; number",
                "{\"type\":[\"number\",\"null\"]}; number or null",
                "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}; string or null",
                "{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":4,\"maxItems\":4}; 4 values, each number",
                "{\"type\":\"number\",\"minimum\":3}; {\"type\":\"number\",\"minimum\":3}"
            })
    void a_schema_is_words_where_words_say_all(String schema, String words) {
        assertThat(SchemaWords.words(Json.parse(schema, "schema"))).isEqualTo(words);
    }
}
