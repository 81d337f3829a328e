package io.modelward.store.catalog;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where the catalog is.
 *
 * @param file of a catalog that lies in the data directory
 * @param url {@code catalog.url}; empty: the file
 * @param password {@code catalog.password}
 * @param environment the variables of the process
 */
public record CatalogSettings(
        Path file, Optional<String> url, Optional<String> password, Map<String, String> environment) {

    /** A catalog in a file of the data directory. */
    public static CatalogSettings of(Path file) {
        return new CatalogSettings(file, Optional.empty(), Optional.empty(), Map.of());
    }

    /** What kind of database it is, in lower case. */
    public String scheme() {
        return url.map(text -> text.substring(0, Math.max(0, text.indexOf(':'))).toLowerCase(Locale.ROOT))
                .orElse("sqlite");
    }

    /** A variable that is set and not empty. */
    public Optional<String> environment(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    @Override
    public String toString() {
        return "a catalog of the kind " + scheme();
    }
}
