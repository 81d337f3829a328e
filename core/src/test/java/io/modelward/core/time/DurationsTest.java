package io.modelward.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "0s, PT0S",
        "10s, PT10S",
        "2.5s, PT2.5S",
        "2m, PT2M",
        "6h, PT6H",
        "7d, P7D",
        "007s, PT7S",
        "999999999d, P999999999D"
    })
    void a_duration_is_a_number_and_a_unit(String text, Duration expected) {
        assertThat(Durations.parse(text, "bake")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "s",
                "5 s",
                "-5s",
                "+5s",
                ".5s",
                "1.2345s",
                "5S",
                "5min",
                "1h30m",
                "5s\n",
                "1000000000s",
                "٥s",
                "PT5S"
            })
    void what_is_no_duration_is_named_by_its_field(String text) {
        assertThat(Problems.invalid("latency.slack", () -> Durations.parse(text, "latency.slack"))
                        .detail())
                .contains("500ms, 10s or 2m");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "1, 1ms",
        "1500, 1500ms",
        "60000, 1m",
        "90000, 90s",
        "3600000, 1h",
        "86400000, 1d",
        "90000000, 25h"
    })
    void the_shortest_exact_form_is_written(long millis, String text) {
        assertThat(Durations.write(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @Test
    void what_is_written_is_read_back() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            long unit = new long[] {1, 1000, 60_000, 3_600_000, 86_400_000}[random.nextInt(5)];
            Duration duration = Duration.ofMillis(random.nextInt(1_000_000) * unit);
            assertThat(Durations.parse(Durations.write(duration), "x")).isEqualTo(duration);
        }
    }
}
