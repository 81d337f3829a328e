package io.modelward.app;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.time.Durations;
import io.modelward.runtime.RuntimeSettings;
import io.modelward.runtime.WorkerLimits;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads a configuration file: lines of {@code key = value}, as Java's properties are written. A key that is not known stops the start. */
final class SettingsReader {

    private static final Set<String> KNOWN = new TreeSet<>(Set.of(
            "server.listen",
            "server.hosts",
            "data.directory",
            "runtime.python",
            "runtime.environment",
            "runtime.request-timeout",
            "runtime.hard-timeout",
            "runtime.load-timeout",
            "runtime.build-timeout",
            "runtime.source-packages",
            "runtime.worker-memory",
            "runtime.worker-disk",
            "runtime.worker-files",
            "runtime.worker-processes",
            "predictions.segment-records",
            "webhooks.allow-private",
            "test.failpoints"));
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,7})([kmgt]?)");
    private static final Pattern LISTEN = Pattern.compile("(?:\\[([0-9A-Fa-f:]+)\\]|([^:]+)):([0-9]{1,5})");

    private final Map<String, String> values;

    private SettingsReader(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads the settings.
     *
     * @param file the configuration file, if there is one
     * @param options what the command line says; it wins
     */
    static Settings read(Optional<Path> file, Map<String, String> options) {
        Map<String, String> values = new TreeMap<>();
        file.ifPresent(path -> values.putAll(properties(path)));
        for (String key : values.keySet()) {
            if (!KNOWN.contains(key)) {
                throw new StartRefused("The configuration has an unknown key, " + key + ". Known are: "
                        + String.join(", ", KNOWN) + ".");
            }
        }
        values.putAll(options);
        return new SettingsReader(values).settings();
    }

    private static Map<String, String> properties(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (NoSuchFileException absent) {
            throw new StartRefused("There is no configuration file " + file + ".");
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new StartRefused("The configuration file " + file + " cannot be read: " + unreadable.getMessage());
        }
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(
                        key -> key, key -> properties.getProperty(key).strip()));
    }

    private Settings settings() {
        Matcher listen = LISTEN.matcher(values.getOrDefault("server.listen", "127.0.0.1:8080"));
        if (!listen.matches() || Integer.parseInt(listen.group(3)) > 65_535) {
            throw new StartRefused(
                    "server.listen is written host:port, such as 127.0.0.1:8080; port 0 takes any free one.");
        }
        String host = listen.group(1) != null ? listen.group(1) : listen.group(2);
        Set<String> hosts = Arrays.stream(
                        values.getOrDefault("server.hosts", "").split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
        RuntimeSettings defaults = RuntimeSettings.defaults();
        return new Settings(
                new Settings.Server(host, Integer.parseInt(listen.group(3)), hosts),
                new Settings.Data(path("data.directory")
                        .orElseGet(SettingsReader::defaultDirectory)
                        .toAbsolutePath()
                        .normalize()),
                new RuntimeSettings(
                        duration("runtime.request-timeout", defaults.requestTimeout()),
                        duration("runtime.hard-timeout", defaults.hardTimeout()),
                        duration("runtime.load-timeout", defaults.loadTimeout()),
                        duration("runtime.build-timeout", defaults.buildTimeout()),
                        flag("runtime.source-packages"),
                        path("runtime.python"),
                        path("runtime.environment"),
                        limits(defaults.limits())),
                new Settings.Predictions(number("predictions.segment-records", 1 << 16, 16, 1 << 24)),
                new Settings.Webhooks(flag("webhooks.allow-private")),
                values.getOrDefault("test.failpoints", ""));
    }

    private WorkerLimits limits(WorkerLimits defaults) {
        return new WorkerLimits(
                size("runtime.worker-memory", defaults.memory(), 256L << 20),
                size("runtime.worker-disk", defaults.disk(), 1L << 20),
                number("runtime.worker-files", defaults.files(), 100, 100_000_000),
                number("runtime.worker-processes", defaults.processes(), 8, 1_000_000));
    }

    /** Bytes, as a number with k, m, g or t for 1024, 1024² and so on. */
    private long size(String key, long otherwise, long least) {
        String value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        Matcher size = SIZE.matcher(value.toLowerCase(Locale.ROOT));
        if (!size.matches()) {
            throw new StartRefused(key + " is a size such as 512m or 4g.");
        }
        long bytes =
                Long.parseLong(size.group(1)) << 10 * (size.group(2).isEmpty() ? 0 : " kmgt".indexOf(size.group(2)));
        if (bytes < least) {
            throw new StartRefused(key + " is at least " + (least >> 20) + "m.");
        }
        return bytes;
    }

    private static Path defaultDirectory() {
        return "root".equals(System.getProperty("user.name"))
                ? Path.of("/var/lib/modelward")
                : Path.of(System.getProperty("user.home"), ".local", "share", "modelward");
    }

    private Optional<Path> path(String key) {
        return Optional.ofNullable(values.get(key))
                .filter(value -> !value.isEmpty())
                .map(Path::of);
    }

    private boolean flag(String key) {
        String value = values.getOrDefault(key, "false");
        if (!value.equals("true") && !value.equals("false")) {
            throw new StartRefused(key + " is true or false.");
        }
        return value.equals("true");
    }

    private Duration duration(String key, Duration otherwise) {
        String value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        Duration duration;
        try {
            duration = Durations.parse(value, key);
        } catch (ProblemException malformed) {
            throw new StartRefused(malformed.problem().detail());
        }
        if (duration.isZero()) {
            throw new StartRefused(key + " is longer than 0.");
        }
        return duration;
    }

    private int number(String key, int otherwise, int least, int most) {
        String value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        int number = value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : -1;
        if (number < least || number > most) {
            throw new StartRefused(key + " is a whole number from " + least + " to " + most + ".");
        }
        return number;
    }
}
