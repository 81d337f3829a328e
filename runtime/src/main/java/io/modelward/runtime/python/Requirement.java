package io.modelward.runtime.python;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One requirement of a package from the registry: {@code name[extras] specifiers ; markers}, as PEP 508 has it.
 * Addresses, paths and options of pip are none: a version's author must not choose where the server downloads from, or
 * read its files.
 *
 * @param name in normal form: lower case, with dashes
 * @param extras sorted
 * @param specifiers sorted, such as {@code ==1.2} and {@code !=1.3}
 * @param marker what the platform must be like; empty when it is for all
 */
record Requirement(String name, List<String> extras, List<String> specifiers, String marker) {

    private static final int LONGEST = 500;
    private static final String NAME = "[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?";
    private static final String TERM = "(?:[a-z_.]+|'[^'\"]*'|\"[^'\"]*\")";
    private static final String OPERATOR = "(?:===?|~=|!=|<=|>=|<|>|\\s+in\\s+|\\s+not\\s+in\\s+)";
    private static final String CLAUSE = "[(\\s]*" + TERM + "\\s*" + OPERATOR + "\\s*" + TERM + "[)\\s]*";
    private static final Pattern LINE = Pattern.compile("(" + NAME + ")\\s*(?:\\[([A-Za-z0-9._\\-,\\s]*)\\])?\\s*"
            + "(\\([^()]*\\)|[=<>!~][^;()]*)?\\s*(?:;(" + CLAUSE + "(?:(?:and|or)\\b" + CLAUSE + ")*))?");
    /** pip takes the text after a space and a dash for an option, even in quotes. */
    private static final Pattern OPTION = Pattern.compile("\\s-");

    private static final Pattern SPECIFIER =
            Pattern.compile("(===|==|!=|~=|<=|>=|<|>)\\s*([A-Za-z0-9][A-Za-z0-9._*+!-]*)");

    /** Reads one line without comment; empty when it is anything else. */
    static Optional<Requirement> parse(String line) {
        Matcher parts = LINE.matcher(line.strip());
        if (line.length() > LONGEST || OPTION.matcher(line).find() || !parts.matches()) {
            return Optional.empty();
        }
        String versions = Optional.ofNullable(parts.group(3)).orElse("").replaceAll("[()]", "");
        List<String> specifiers = list(versions);
        if (!specifiers.stream().allMatch(one -> SPECIFIER.matcher(one).matches())) {
            return Optional.empty();
        }
        return Optional.of(new Requirement(
                normal(parts.group(1)),
                list(Optional.ofNullable(parts.group(2)).orElse("")).stream()
                        .map(Requirement::normal)
                        .sorted()
                        .toList(),
                specifiers.stream()
                        .map(one -> one.replaceAll("\\s", ""))
                        .sorted()
                        .toList(),
                Optional.ofNullable(parts.group(4)).orElse("").strip().replaceAll("\\s+", " ")));
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private static String normal(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-");
    }

    /** The same for another package. */
    Requirement of(String other) {
        return new Requirement(other, extras, specifiers, marker);
    }

    /** The one version asked for, if there is one only. */
    Optional<String> pin() {
        boolean pinned = specifiers.size() == 1 && specifiers.getFirst().matches("==[^=*]+");
        return pinned ? Optional.of(specifiers.getFirst().substring(2)) : Optional.empty();
    }

    @Override
    public String toString() {
        return name
                + (extras.isEmpty() ? "" : extras.stream().collect(Collectors.joining(",", "[", "]")))
                + String.join(",", specifiers)
                + (marker.isEmpty() ? "" : " ; " + marker);
    }
}
