package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.json.Json;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import java.time.Instant;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class LogSettingsTest {

    private static LogRecord entry(String message) {
        LogRecord entry = new LogRecord(Level.WARNING, message);
        entry.setInstant(Instant.parse("2026-01-31T12:00:00.1234Z"));
        entry.setLoggerName("io.modelward.registry.journal.Journal");
        return entry;
    }

    @Test
    void an_entry_is_one_line_of_text_whatever_its_message_holds() {
        assertThat(new LogLine(false).format(entry("alice published iris@1.0.0: a\nb\r\nc {0}")))
                .isEqualTo("2026-01-31T12:00:00.123Z WARN  Journal alice published iris@1.0.0: a ⏎ b ⏎ c {0}"
                        + System.lineSeparator());
    }

    @Test
    void an_entry_is_a_JSON_object_with_the_failure_and_its_stack() {
        LogRecord entry = entry("a \"quoted\"\nline");
        entry.setThrown(new IllegalStateException("why"));
        String line = new LogLine(true).format(entry);
        assertThat(line.strip()).doesNotContain("\n");
        JsonNode json = Json.parse(line, "line");
        assertThat(json.path("message").asString()).isEqualTo("a \"quoted\"\nline");
        assertThat(json.path("level").asString()).isEqualTo("warn");
        assertThat(json.path("time").asString()).isEqualTo("2026-01-31T12:00:00.123Z");
        assertThat(json.path("error").asString()).contains("IllegalStateException: why");
        assertThat(json.path("stack").asString()).contains("LogSettingsTest");
    }

    @Test
    void levels_are_read_by_logger() {
        LogSettings settings = LogSettings.read(new Configuration(Map.of(
                "log.format",
                "json",
                "log.level",
                "WARN",
                "log.levels",
                "io.modelward.gateway=debug, org.flywaydb=off")));
        assertThat(settings.json()).isTrue();
        assertThat(settings.level()).isEqualTo(Level.WARNING);
        assertThat(settings.levels())
                .containsEntry("io.modelward.gateway", Level.FINE)
                .containsEntry("org.flywaydb", Level.OFF);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            log.format | xml         | log.format is text or json.
            log.level  | loud        | log.level is error, warn, info, debug or off.
            log.levels | a           | log.levels has pairs such as
            log.levels | a=loud      | log.levels is error, warn, info, debug or off.
            """)
    void a_wrong_setting_stops_the_start_by_its_name(String key, String value, String message) {
        assertThatThrownBy(() -> LogSettings.read(new Configuration(Map.of(key, value))))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(message);
    }
}
