package io.modelward.store.postgres;

import io.modelward.core.problem.StartRefused;
import io.modelward.store.catalog.CatalogSettings;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where a database is and how to get in, read as libpq reads its URLs:
 * {@code postgresql://user:password@host:port,host:port/database?sslmode=verify-full}.
 *
 * @param hosts {@code host:port}; of several the one that may be written to is taken
 * @param password empty: none was given, and the server may ask for none
 * @param options options of the connection by the driver's names
 */
record PostgresUrl(
        List<String> hosts, String database, String user, Optional<String> password, Map<String, String> options) {

    private static final String DEFAULT_PORT = "5432";
    private static final Set<String> OPTIONS = new TreeSet<>(Set.of("sslmode", "sslrootcert", "sslcert", "sslkey"));
    private static final Set<String> SSL_MODES =
            new TreeSet<>(Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full"));

    /**
     * Reads the settings. The password is taken from {@code catalog.password}, else from the URL, else from the
     * environment ({@code PGPASSWORD}), else from the file that {@code PGPASSFILE} names or {@code ~/.pgpass}.
     *
     * @throws StartRefused when something is missing or malformed; the sentence never has the password
     */
    static PostgresUrl parse(CatalogSettings settings) {
        String text = settings.url().orElseThrow();
        URI uri;
        try {
            // Several hosts are no authority to URI; they are read from the raw text below.
            uri = new URI(text);
        } catch (URISyntaxException malformed) {
            throw refused("it is not a URL");
        }
        String authority = uri.getRawAuthority();
        if (authority == null || authority.isEmpty()) {
            throw refused("it names no host");
        }
        int at = authority.lastIndexOf('@');
        String[] who = (at < 0 ? "" : authority.substring(0, at)).split(":", 2);
        List<String> hosts = hosts(authority.substring(at + 1));
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String database = decoded(path.startsWith("/") ? path.substring(1) : path);
        if (text.contains("%00")) {
            throw refused("it has the character U+0000");
        }
        if (database.isEmpty() || database.contains("/")) {
            throw refused("it names no database");
        }
        String user = decoded(who[0]);
        if (user.isEmpty()) {
            user = settings.environment("PGUSER").orElseThrow(() -> refused("it names no user"));
        }
        Optional<String> inUrl = who.length == 2 ? Optional.of(decoded(who[1])) : Optional.empty();
        Optional<String> password = settings.password().or(() -> inUrl).or(() -> settings.environment("PGPASSWORD"));
        if (password.isEmpty()) {
            password = fromFile(settings, hosts.getFirst(), database, user);
        }
        return new PostgresUrl(hosts, database, user, password, options(uri.getRawQuery()));
    }

    private static List<String> hosts(String text) {
        List<String> hosts = new ArrayList<>();
        for (String host : text.split(",", 0)) {
            int colon = host.lastIndexOf(':');
            boolean port = colon > host.lastIndexOf(']');
            String name = port ? host.substring(0, colon) : host;
            String number = port ? host.substring(colon + 1) : DEFAULT_PORT;
            if (name.isEmpty() || !number.matches("[0-9]{1,5}") || Integer.parseInt(number) > 65_535) {
                throw refused("its host is written host or host:port");
            }
            hosts.add(name + ":" + number);
        }
        return hosts;
    }

    private static Map<String, String> options(@org.jspecify.annotations.Nullable String query) {
        Map<String, String> options = new TreeMap<>();
        for (String option : query == null ? new String[0] : query.split("&")) {
            String[] parts = option.split("=", 2);
            String key = decoded(parts[0]);
            String value = parts.length == 2 ? decoded(parts[1]) : "";
            if (!OPTIONS.contains(key)) {
                throw refused("it has an unknown option, " + key + "; known are " + String.join(", ", OPTIONS));
            }
            if (key.equals("sslmode") && !SSL_MODES.contains(value)) {
                throw refused("its sslmode is one of " + String.join(", ", SSL_MODES));
            }
            options.put(key, value);
        }
        return options;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw refused("a percent sign in it is not followed by two hex digits");
        }
    }

    private static StartRefused refused(String why) {
        return new StartRefused(
                "catalog.url is written postgresql://user@host:port/database, and " + why + ". Correct it.");
    }

    /**
     * Lines of host:port:database:user:password, where * stands for anything and a backslash takes the meaning from a
     * colon.
     */
    private static Optional<String> fromFile(CatalogSettings settings, String host, String database, String user) {
        Optional<String> named = settings.environment("PGPASSFILE");
        Path file = named.map(Path::of).orElseGet(() -> Path.of(System.getProperty("user.home", "."), ".pgpass"));
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException | RuntimeException unreadable) {
            if (named.isPresent()) {
                throw new StartRefused("The file that PGPASSFILE names cannot be read. Correct PGPASSFILE.");
            }
            return Optional.empty();
        }
        int colon = host.lastIndexOf(':');
        List<String> wanted = List.of(
                host.substring(0, colon).replace("[", "").replace("]", ""), host.substring(colon + 1), database, user);
        for (String line : lines) {
            List<String> fields = fields(line);
            if (!line.startsWith("#") && fields.size() == 5 && matches(fields, wanted)) {
                return Optional.of(fields.get(4));
            }
        }
        return Optional.empty();
    }

    private static boolean matches(List<String> fields, List<String> wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            if (!fields.get(i).equals("*") && !fields.get(i).equals(wanted.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && i + 1 < line.length()) {
                field.append(line.charAt(++i));
            } else if (c == ':' && fields.size() < 4) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }

    /** For people and logs; without the password. */
    String words() {
        return String.join(",", hosts) + "/" + database;
    }

    @Override
    public String toString() {
        return words();
    }

    /** What the driver opens; without user and password. */
    String jdbc() {
        String name =
                java.net.URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
        return "jdbc:postgresql://" + String.join(",", hosts) + "/" + name;
    }
}
