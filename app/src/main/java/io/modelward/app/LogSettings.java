package io.modelward.app;

import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * What the server writes to its log, which is standard error: one line for each event.
 *
 * @param json whether a line is a JSON object; else it is text
 * @param level what is written of the server's own parts and of libraries
 * @param levels by the name of a logger, which is a class or a package, what is written of it instead
 */
record LogSettings(boolean json, Level level, Map<String, Level> levels) {

    /** Kept, since the platform forgets the level of a logger that nobody holds. */
    private static final List<Logger> HELD = new ArrayList<>();

    private static final Map<String, Level> LEVELS = Map.of(
            "error", Level.SEVERE,
            "warn", Level.WARNING,
            "info", Level.INFO,
            "debug", Level.FINE,
            "off", Level.OFF);

    /** What libraries say of their own work is no event that people want to know of. */
    private static final Map<String, Level> LIBRARIES =
            Map.of("org.flywaydb", Level.WARNING, "org.eclipse.jetty", Level.WARNING, "com.zaxxer", Level.WARNING);

    private static final String WORDS = "error, warn, info, debug or off";

    /** Reads {@code log.format}, {@code log.level} and {@code log.levels}. */
    static LogSettings read(Configuration configuration) {
        String format = configuration.text("log.format").orElse("text");
        if (!format.equals("text") && !format.equals("json")) {
            throw new StartRefused("log.format is text or json.");
        }
        Level level = level("log.level", configuration.text("log.level").orElse("info"));
        Map<String, Level> levels = new TreeMap<>(LIBRARIES);
        for (String part : configuration.text("log.levels").orElse("").split(",", -1)) {
            if (part.isBlank()) {
                continue;
            }
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new StartRefused(
                        "log.levels has pairs such as io.modelward.gateway=debug, with commas between them.");
            }
            levels.put(
                    part.substring(0, equals).strip(),
                    level("log.levels", part.substring(equals + 1).strip()));
        }
        return new LogSettings(format.equals("json"), level, levels);
    }

    private static Level level(String key, String word) {
        Level level = LEVELS.get(word.toLowerCase(Locale.ROOT));
        if (level == null) {
            throw new StartRefused(key + " is " + WORDS + ".");
        }
        return level;
    }

    /** Has the whole process log so from now on. */
    void apply() {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        Handler handler = new ErrorStream(new LogLine(json));
        root.addHandler(handler);
        root.setLevel(level);
        synchronized (HELD) {
            HELD.add(root);
            levels.forEach((name, own) -> {
                Logger logger = Logger.getLogger(name);
                logger.setLevel(own);
                HELD.add(logger);
            });
        }
    }

    /** Writes each line at once, as a whole. */
    private static final class ErrorStream extends Handler {

        private ErrorStream(LogLine line) {
            setFormatter(line);
        }

        @Override
        public void publish(java.util.logging.LogRecord entry) {
            if (isLoggable(entry)) {
                System.err.print(getFormatter().format(entry));
                System.err.flush();
            }
        }

        @Override
        public void flush() {
            System.err.flush();
        }

        @Override
        public void close() {}
    }
}
