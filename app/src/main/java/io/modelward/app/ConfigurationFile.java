package io.modelward.app;

import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/** Reads a configuration file: lines of {@code key = value}, as Java's properties are written. */
final class ConfigurationFile {

    private ConfigurationFile() {}

    /**
     * Reads the configuration.
     *
     * @param file the configuration file, if there is one
     * @param options what the command line says; it wins
     */
    static Configuration read(Optional<Path> file, Map<String, String> options) {
        Map<String, String> values = new TreeMap<>();
        file.ifPresent(path ->
                properties(path).forEach((key, value) -> values.put((String) key, ((String) value).strip())));
        values.putAll(options);
        return new Configuration(values);
    }

    private static Properties properties(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (NoSuchFileException absent) {
            throw new StartRefused("There is no configuration file " + file + ".");
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new StartRefused("The configuration file " + file + " cannot be read: " + unreadable.getMessage());
        }
        return properties;
    }
}
