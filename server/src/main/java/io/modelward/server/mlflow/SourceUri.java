package io.modelward.server.mlflow;

import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.version.AliasName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.registry.publish.Registration.RegistrationSource;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The addresses that MLflow's clients register versions from: {@code models:/m-…}, {@code models:/name/3},
 * {@code models:/name@champion}, {@code runs:/<run>/path}, {@code mlflow-artifacts:/…}, or a place elsewhere.
 */
final class SourceUri {

    private static final int LONGEST = 500;
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

    private SourceUri() {}

    /**
     * Reads a source.
     *
     * @throws ProblemException of kind INVALID, about {@code source}, when it names a host, a path of the server's
     *     machine, or could lead out of the place that it names
     */
    static RegistrationSource parse(String text) {
        if (text.length() > LONGEST) {
            throw wrong("A source has at most " + LONGEST + " characters.");
        }
        Matcher form = URI.matcher(text);
        if (!form.matches()) {
            throw wrong("Invalid model version source: " + Quoted.of(text)
                    + ". Name a run's files (runs:/…), a logged model (models:/m-…) or an object store"
                    + " (s3://…); never a path of a machine.");
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
                yield new RegistrationSource.Kept(path(rest));
            }
            default -> {
                if (OF_HOSTS.contains(scheme)) {
                    throw host(scheme);
                }
                if (OF_MACHINES.contains(scheme) || scheme.length() == 1) {
                    throw wrong("Invalid model version source: it names a path of a machine. Log the model to a run,"
                            + " and register that.");
                }
                requirePlain(rest);
                yield new RegistrationSource.Elsewhere(text);
            }
        };
    }

    private static RegistrationSource model(String text, String rest) {
        Matcher logged = LOGGED.matcher(rest);
        if (logged.matches()) {
            return new RegistrationSource.Logged(logged.group(1));
        }
        Matcher version = VERSION.matcher(rest);
        if (version.matches()) {
            return new RegistrationSource.Version(
                    ModelName.of(ModelName.DEFAULT_NAMESPACE, version.group(1)), selector(version.group(2)));
        }
        Matcher alias = ALIAS.matcher(rest);
        if (alias.matches()) {
            return new RegistrationSource.Version(
                    ModelName.of(ModelName.DEFAULT_NAMESPACE, alias.group(1)),
                    new Selector.Alias(AliasName.parse(alias.group(2))));
        }
        throw wrong("Invalid model version source: " + Quoted.of(text)
                + ". A model is written models:/m-<id>, models:/name/version or models:/name@alias.");
    }

    /** As in {@code models:/name/3}. */
    private static Selector selector(String text) {
        try {
            return ClientSelector.parse(text);
        } catch (ProblemException odd) {
            throw wrong("Invalid model version source: " + odd.problem().detail());
        }
    }

    private static RegistrationSource run(String text, String rest) {
        Matcher run = RUN.matcher(rest);
        if (!run.matches()) {
            throw wrong("Invalid model version source: " + Quoted.of(text)
                    + ". A run's files are written runs:/<run id>/path.");
        }
        return new RegistrationSource.OfRun(run.group(1), path(run.group(2)));
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
        for (int i = 0; i < DECODINGS; i++) {
            try {
                plain = URLDecoder.decode(plain.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException nothingMore) {
                break;
            }
        }
        boolean odd = plain.chars().anyMatch(c -> c < ' ' || c == '\\' || c == '#' || c == '?' || c == ';' || c == '%');
        if (odd || DOTS.matcher(plain).find()) {
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
}
