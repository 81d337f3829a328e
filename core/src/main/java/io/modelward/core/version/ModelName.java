package io.modelward.core.version;

import io.modelward.core.problem.ProblemException;
import java.util.Locale;
import java.util.Set;

/** The name of a model, {@code namespace/name}. Two names that differ in case only are one: compare {@link #key()}. */
public record ModelName(String namespace, String name) {

    public static final String DEFAULT_NAMESPACE = "default";

    /** First segments of paths at some door; a namespace of that name could not be reached there. */
    private static final Set<String> RESERVED = Set.of(
            "api",
            "v1",
            "v2",
            "predict",
            "models",
            "endpoints",
            "health",
            "livez",
            "readyz",
            "version",
            "ping",
            "invocations",
            "metrics",
            "static",
            "ui");

    public ModelName {
        Name.check("namespace", namespace);
        Name.check("name", name);
        if (RESERVED.contains(namespace.toLowerCase(Locale.ROOT))) {
            throw ProblemException.invalid(
                    "namespace", "The namespace " + namespace + " is reserved; choose another name.");
        }
    }

    /** Reads {@code namespace/name}, or {@code name} alone in the namespace {@code default}. */
    public static ModelName parse(String text) {
        int slash = text.indexOf('/');
        if (slash != text.lastIndexOf('/')) {
            throw ProblemException.invalid("model", "A model is name or namespace/name, with one / at most.");
        }
        return slash < 0 ? of(DEFAULT_NAMESPACE, text) : of(text.substring(0, slash), text.substring(slash + 1));
    }

    public static ModelName of(String namespace, String name) {
        return new ModelName(namespace, name);
    }

    /** The same for all spellings of this name. */
    public String key() {
        return toString().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
