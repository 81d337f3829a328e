package io.modelward.core.settings;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.search.Nearest;
import io.modelward.core.time.Durations;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values of a configuration, {@code key = value}. Each part of the server reads its own keys, and by reading a key
 * makes it known. When all parts have read, a key that nobody reads stops the start. All errors are sentences for the
 * operator.
 */
public final class Configuration {

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,7})([kmgt]?)");
    /** A name within a family of keys. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    private final Map<String, String> values;
    private final TreeSet<String> known = new TreeSet<>();

    public Configuration(Map<String, String> values) {
        this.values = new TreeMap<>(values);
    }

    /** @throws StartRefused when there is a key that no part of the server reads */
    public void requireAllKnown() {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                throw new StartRefused("The configuration has an unknown key, " + key + "."
                        + Nearest.words(key, known) + " Known are: "
                        + String.join(", ", known) + ".");
            }
        }
    }

    /** A value that is set and not empty. */
    public Optional<String> text(String key) {
        known.add(key);
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
    }

    /**
     * The names in a family of keys. With {@code access.workload.ci.issuer = …} the family {@code access.workload} has
     * the name {@code ci}. Whoever reads the family reads the keys of each name, so a key of a name that nobody reads
     * is found as any other.
     *
     * @throws StartRefused for a name that has other characters than a–z, 0–9 and hyphens
     */
    public SortedSet<String> names(String family) {
        String prefix = family + ".";
        known.add(prefix + "<name>");
        TreeSet<String> names = new TreeSet<>();
        for (String key : values.keySet()) {
            int end = key.indexOf('.', prefix.length());
            if (key.startsWith(prefix) && end > 0) {
                String name = key.substring(prefix.length(), end);
                if (!NAME.matcher(name).matches()) {
                    throw new StartRefused("In " + key + " the name after " + prefix
                            + " has 1 to 40 characters of a-z, 0-9 and hyphens.");
                }
                names.add(name);
            }
        }
        return names;
    }

    /** {@code true} or {@code false}; false when it is not set. */
    public boolean flag(String key) {
        String value = text(key).orElse("false");
        if (!value.equals("true") && !value.equals("false")) {
            throw new StartRefused(key + " is true or false.");
        }
        return value.equals("true");
    }

    /** A duration such as {@code 30s}, longer than 0. */
    public Duration duration(String key, Duration otherwise) {
        Optional<String> value = text(key);
        if (value.isEmpty()) {
            return otherwise;
        }
        Duration duration;
        try {
            duration = Durations.parse(value.get(), key);
        } catch (ProblemException malformed) {
            throw new StartRefused(malformed.problem().detail());
        }
        if (duration.isZero()) {
            throw new StartRefused(key + " is longer than 0.");
        }
        return duration;
    }

    /** A whole number. */
    public int number(String key, int otherwise, int least, int most) {
        Optional<String> value = text(key);
        if (value.isEmpty()) {
            return otherwise;
        }
        int number = value.get().matches("[0-9]{1,9}") ? Integer.parseInt(value.get()) : -1;
        if (number < least || number > most) {
            throw new StartRefused(key + " is a whole number from " + least + " to " + most + ".");
        }
        return number;
    }

    /** Bytes, written as a number with k, m, g or t for 1024, 1024² and so on. */
    public long size(String key, long otherwise, long least) {
        Optional<String> value = text(key);
        if (value.isEmpty()) {
            return otherwise;
        }
        Matcher size = SIZE.matcher(value.get().toLowerCase(Locale.ROOT));
        if (!size.matches()) {
            throw new StartRefused(key + " is a size such as 512m or 4g.");
        }
        long bytes =
                Long.parseLong(size.group(1)) << (10 * (size.group(2).isEmpty() ? 0 : " kmgt".indexOf(size.group(2))));
        if (bytes < least) {
            throw new StartRefused(key + " is at least " + (least >> 20) + "m.");
        }
        return bytes;
    }
}
