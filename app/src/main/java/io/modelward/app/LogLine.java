package io.modelward.app;

import io.modelward.core.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import tools.jackson.databind.node.ObjectNode;

/**
 * An entry of the log as one line: {@code 2026-01-31T12:00:00.123Z INFO  Journal alice published iris@1.2.0}, or a JSON
 * object with the members time, level, logger, message and, for a failure, error and stack. A failure's stack follows
 * the line of text, indented.
 */
final class LogLine extends Formatter {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final boolean json;

    LogLine(boolean json) {
        this.json = json;
    }

    @Override
    public String format(LogRecord entry) {
        String time = TIME.format(entry.getInstant());
        String message = formatMessage(entry);
        String logger = String.valueOf(entry.getLoggerName());
        if (!json) {
            String line = "%s %-5s %s %s%n"
                    .formatted(
                            time,
                            level(entry.getLevel()),
                            logger.substring(logger.lastIndexOf('.') + 1),
                            flat(message));
            return entry.getThrown() == null
                    ? line
                    : line + stack(entry.getThrown()).indent(4);
        }
        ObjectNode object = Json.object()
                .put("time", time)
                .put("level", level(entry.getLevel()).toLowerCase(Locale.ROOT))
                .put("logger", logger)
                .put("message", message);
        if (entry.getThrown() != null) {
            object.put("error", entry.getThrown().toString()).put("stack", stack(entry.getThrown()));
        }
        return Json.write(object) + System.lineSeparator();
    }

    /** A message with lines would look like several entries, and one with a terminal's commands could change others. */
    private static String flat(String message) {
        return message.replaceAll("\\R", " ⏎ ").replaceAll("[\\p{Cntrl}\\u202a-\\u202e\\u2066-\\u2069]", "?");
    }

    private static String stack(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static String level(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return "WARN";
        }
        return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }
}
