package io.modelward.registry.publish;

import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.version.ModelName;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a client registers a version from. */
public sealed interface SourceUri {

    /** {@code models:/m-…}: a logged model. */
    record Logged(String id) implements SourceUri {}

    /** {@code models:/name/3}, {@code models:/name@champion}, or with any other selector: a version that is registered already. */
    record Version(ModelName model, String selector, boolean alias) implements SourceUri {}

    /** {@code runs:/<run>/path}: what lies below a run's files. */
    record OfRun(String run, ArtifactPath path) implements SourceUri {}

    /** {@code mlflow-artifacts:/…}: what lies at a place of this server. */
    record Kept(ArtifactPath path) implements SourceUri {}

    /** Any other place, such as {@code s3://bucket/model}: nobody here looks there. */
    record Elsewhere(String uri) implements SourceUri {}

    int LONGEST = 500;

    /**
     * Reads a source.
     *
     * @throws ProblemException of kind INVALID, about {@code source}, when it names a host, a path of the server's machine, or could lead out of the place
     *     that it names
     */
    static SourceUri parse(String text) {
        if (text.length() > LONGEST) {
            throw wrong("A source has at most " + LONGEST + " characters.");
        }
        Matcher form = Forms.URI.matcher(text);
        if (!form.matches()) {
            throw wrong(
                    "Invalid model version source: " + Quoted.of(text)
                            + ". Name a run's files (runs:/…), a logged model (models:/m-…) or an object store (s3://…); never a path of a machine.");
        }
        String scheme = form.group(1).toLowerCase(Locale.ROOT);
        String rest = form.group(2);
        return switch (scheme) {
            case "models" -> model(text, rest);
            case "runs" -> run(text, rest);
            case "mlflow-artifacts" -> {
                if (rest.startsWith("//")) {
                    throw host(scheme);
                }
                yield new Kept(path(rest));
            }
            default -> {
                if (Forms.OF_HOSTS.contains(scheme)) {
                    throw host(scheme);
                }
                if (Forms.OF_MACHINES.contains(scheme) || scheme.length() == 1) {
                    throw wrong(
                            "Invalid model version source: it names a path of a machine. Log the model to a run, and register that.");
                }
                requirePlain(rest);
                yield new Elsewhere(text);
            }
        };
    }

    private static SourceUri model(String text, String rest) {
        Matcher logged = Forms.LOGGED.matcher(rest);
        if (logged.matches()) {
            return new Logged(logged.group(1));
        }
        Matcher version = Forms.VERSION.matcher(rest);
        if (version.matches()) {
            return new Version(ModelName.of(ModelName.DEFAULT_NAMESPACE, version.group(1)), version.group(2), false);
        }
        Matcher alias = Forms.ALIAS.matcher(rest);
        if (alias.matches()) {
            return new Version(ModelName.of(ModelName.DEFAULT_NAMESPACE, alias.group(1)), alias.group(2), true);
        }
        throw wrong("Invalid model version source: " + Quoted.of(text)
                + ". A model is written models:/m-<id>, models:/name/version or models:/name@alias.");
    }

    private static SourceUri run(String text, String rest) {
        Matcher run = Forms.RUN.matcher(rest);
        if (!run.matches()) {
            throw wrong("Invalid model version source: " + Quoted.of(text)
                    + ". A run's files are written runs:/<run id>/path.");
        }
        return new OfRun(run.group(1), path(run.group(2)));
    }

    private static ArtifactPath path(String text) {
        try {
            String relative = text.replaceFirst("^/+", "");
            return relative.isEmpty() ? ArtifactPath.ROOT : ArtifactPath.parse(relative);
        } catch (ProblemException odd) {
            throw wrong("Invalid model version source: " + odd.problem().detail());
        }
    }

    /** Nothing that a reader further on could take for another place, however often it decodes. */
    private static void requirePlain(String rest) {
        String plain = rest;
        for (int i = 0; i < Forms.DECODINGS; i++) {
            try {
                plain = URLDecoder.decode(plain.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException nothingMore) {
                break;
            }
        }
        boolean odd = plain.chars().anyMatch(c -> c < ' ' || c == '\\' || c == '#' || c == '?' || c == ';' || c == '%');
        if (odd || Forms.DOTS.matcher(plain).find()) {
            throw wrong("Invalid model version source: it has no . or .. folder, and none of \\ # ? ; %.");
        }
    }

    private static ProblemException host(String scheme) {
        return wrong("Invalid model version source: a source of scheme " + scheme
                + " names a host, which is not followed. Log the model to a run, and register that.");
    }

    private static ProblemException wrong(String detail) {
        return ProblemException.invalid("source", detail);
    }

    /** What the forms look like. */
    final class Forms {

        private static final int DECODINGS = 5;
        private static final Pattern URI = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.\\-]*):(/?.*)", Pattern.DOTALL);
        private static final Pattern LOGGED = Pattern.compile("/+(m-[A-Za-z0-9_-]{1,100})/?");
        private static final Pattern VERSION = Pattern.compile("/([^/@]+)/([^/]+)");
        private static final Pattern ALIAS = Pattern.compile("/([^/@]+)@([^/@]+)");
        private static final Pattern RUN = Pattern.compile("/+([a-zA-Z0-9][\\w\\-]{0,255})(/.*)?", Pattern.DOTALL);
        private static final Pattern DOTS = Pattern.compile("(^|/)\\.\\.?(/|$)");
        private static final Set<String> OF_HOSTS = Set.of(
                "http",
                "https",
                "ftp",
                "ftps",
                "sftp",
                "ssh",
                "hdfs",
                "viewfs",
                "r2",
                "b2",
                "abfs",
                "abfss",
                "smb",
                "ws",
                "wss",
                "git",
                "data",
                "javascript");
        private static final Set<String> OF_MACHINES = Set.of("file", "sqlite", "jar");

        private Forms() {}
    }
}
