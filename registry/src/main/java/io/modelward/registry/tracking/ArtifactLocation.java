package io.modelward.registry.tracking;

import io.modelward.core.problem.ProblemException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where an experiment's files may be: with this server, or in an object store that clients reach themselves. Never a
 * path of the server's machine, and never a host that a caller names.
 */
final class ArtifactLocation {

    private static final int LONGEST = 500;
    private static final Set<String> SCHEMES =
            Set.of("mlflow-artifacts", "s3", "s3a", "gs", "wasb", "wasbs", "dbfs", "oss", "cos");
    private static final Pattern FORM = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.\\-]*):(/.*)");
    private static final int DECODINGS = 5;

    private ArtifactLocation() {}

    static String check(String location) {
        Checks.atMost("artifact_location", "An artifact location", location, LONGEST);
        String plain = decoded(location);
        var form = FORM.matcher(plain);
        if (!form.matches()
                || !SCHEMES.contains(form.group(1).toLowerCase(Locale.ROOT))
                || plain.startsWith("mlflow-artifacts://")) {
            throw ProblemException.invalid(
                    "artifact_location",
                    "Invalid artifact location: leave it out to keep files with this server, or name an object"
                            + " store such as s3://bucket/folder.");
        }
        boolean odd = plain.chars().anyMatch(c -> c < ' ' || c == '\\' || c == '#' || c == '?' || c == ';' || c == '%');
        if (odd || Pattern.compile("(^|/)\\.\\.?(/|$)").matcher(form.group(2)).find()) {
            throw ProblemException.invalid(
                    "artifact_location",
                    "Invalid artifact location: it has no . or .. folder, and none of \\ # ? ; %.");
        }
        return location;
    }

    /** What is left when nothing more can be decoded: a path must not come out at the third reading. */
    private static String decoded(String location) {
        String plain = location;
        for (int i = 0; i < DECODINGS; i++) {
            try {
                plain = URLDecoder.decode(plain.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException malformed) {
                return plain;
            }
        }
        return plain;
    }
}
