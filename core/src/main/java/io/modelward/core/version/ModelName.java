package io.modelward.core.version;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The name of a model, {@code namespace/name}: a namespace is safe in a path, a URL and a terminal, a name may have
 * other letters and spaces. Two names that differ in case only are one: compare {@link #key()}.
 */
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

    /**
     * First segments of doors that came later, or are to come. Models that had such a namespace before keep it; at
     * those doors they cannot be reached until they are renamed. No other model gets one.
     */
    private static final List<String> RESERVED_FOR_NEW = List.of(
            "assets",
            "auth",
            "buckets",
            "cas",
            "collections",
            "datasets",
            "docs",
            "grpc",
            "hf",
            "kernels",
            "login",
            "logout",
            "papers",
            "resolve",
            "spaces",
            "xet");

    private static final int LONGEST = 250;
    private static final Pattern FORM =
            Pattern.compile("[\\p{L}\\p{N}_](?:[\\p{L}\\p{M}\\p{N} ._+()&,'!=~-]*[\\p{L}\\p{M}\\p{N}._+()&,'!=~-])?");

    public ModelName {
        Name.check("namespace", namespace);
        checkName(name);
        if (RESERVED.contains(namespace.toLowerCase(Locale.ROOT))) {
            throw ProblemException.invalid(
                    "namespace", "The namespace " + namespace + " is reserved; choose another name.");
        }
    }

    /** Wider than a namespace's: clients have always named their models in any language and with spaces. */
    private static void checkName(String name) {
        if (name.isBlank()) {
            throw ProblemException.invalid("name", "A name is needed here.");
        }
        if (name.length() > LONGEST) {
            throw ProblemException.invalid("name", "A name has at most " + LONGEST + " characters.");
        }
        if (!FORM.matcher(name).matches()
                || name.contains("..")
                || !Normalizer.isNormalized(name, Normalizer.Form.NFC)) {
            throw ProblemException.invalid(
                    "name",
                    Quoted.of(name) + " is no name of a model: use letters, digits, spaces and . _ - + ( ) & , ' ! = ~,"
                            + " starting with a letter, a digit or _, without a space at the end or two dots"
                            + " in a row.");
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

    /** The namespaces that no new model gets, in lower case and in order; models from before may have them. */
    public static List<String> namespacesReservedForNew() {
        return RESERVED_FOR_NEW;
    }

    /**
     * Lets a model get this name that did not have it before.
     *
     * @throws ProblemException of kind INVALID when the namespace is reserved for new models
     */
    public void requireAllowedForNew() {
        if (RESERVED_FOR_NEW.contains(namespace.toLowerCase(Locale.ROOT))) {
            throw ProblemException.invalid(
                    "namespace",
                    "The namespace " + namespace
                            + " is reserved: addresses that begin with it belong to the server. Models that have"
                            + " it keep it;"
                            + " choose another namespace for a new one.");
        }
    }

    /** The same for all spellings of this name. */
    public String key() {
        return toString().toLowerCase(Locale.ROOT);
    }

    /** The same for all names that people would take for this one. */
    public String skeleton() {
        return Skeleton.of(namespace) + "/" + Skeleton.of(name);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
