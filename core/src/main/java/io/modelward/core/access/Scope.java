package io.modelward.core.access;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.util.Locale;

/**
 * What a role is granted on: {@code *} for the whole server, {@code model:NAMESPACE/NAME}, {@code endpoint:NAME} or
 * {@code experiment:NAME}. In a name, {@code *} stands for any characters but {@code /}; {@code model:team/*} is a
 * namespace. A model without a namespace is one of the namespace {@code default}, and {@code model:*} is all models.
 * Names of models and endpoints that differ in case are one, so a scope is kept in lower case; the names of experiments
 * are not.
 */
public record Scope(Kind kind, String name) {

    /** The whole server. */
    public static final Scope SERVER = new Scope(Kind.SERVER, "*");

    private static final int LONGEST = 400;

    /** The kinds of things that roles are granted on. */
    public enum Kind {
        SERVER,
        MODEL,
        ENDPOINT,
        EXPERIMENT
    }

    /**
     * Reads a scope.
     *
     * @throws ProblemException of kind INVALID
     */
    public static Scope parse(String field, String text) {
        if (text.equals("*")) {
            return SERVER;
        }
        int colon = text.indexOf(':');
        String kind = colon < 0 ? "" : text.substring(0, colon);
        // Nothing is cut off: an experiment's name may end with a space, and is not the name without the space.
        String name = text.substring(colon + 1);
        if (name.isBlank() || name.length() > LONGEST || !Quoted.isPlain(name)) {
            throw malformed(field, text);
        }
        boolean spaced = !name.equals(name.strip());
        return switch (kind) {
            case "model" -> {
                if (spaced) {
                    throw malformed(field, text);
                }
                yield model(field, text, name);
            }
            case "endpoint" -> {
                if (spaced || name.indexOf('/') >= 0) {
                    throw malformed(field, text);
                }
                yield new Scope(Kind.ENDPOINT, lower(field, text, name));
            }
            case "experiment" -> new Scope(Kind.EXPERIMENT, name);
            default -> throw malformed(field, text);
        };
    }

    private static Scope model(String field, String text, String name) {
        int slash = name.indexOf('/');
        if (slash == 0 || slash == name.length() - 1 || slash != name.lastIndexOf('/')) {
            throw malformed(field, text);
        }
        String whole = slash > 0 ? name : name.equals("*") ? "*/*" : "default/" + name;
        return new Scope(Kind.MODEL, lower(field, text, whole));
    }

    /** A name may be longer in lower case; what is kept must be read again. */
    private static String lower(String field, String text, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.length() > LONGEST) {
            throw malformed(field, text);
        }
        return lower;
    }

    private static ProblemException malformed(String field, String text) {
        return ProblemException.invalid(
                field,
                Quoted.of(text) + " is no scope. A scope is *, model:NAMESPACE/NAME, endpoint:NAME or experiment:NAME;"
                        + " in a name, * stands for any characters but /.");
    }

    /** Whether the scope covers a thing of this kind with this name, which has no star. */
    boolean covers(Kind of, String named) {
        return kind == Kind.SERVER
                || (kind == of && matches(of == Kind.EXPERIMENT ? named : named.toLowerCase(Locale.ROOT)));
    }

    private boolean matches(String named) {
        return kind == Kind.EXPERIMENT
                // An experiment's name may have slashes, and has no namespace that they would part.
                ? new Glob(flat(name)).matches(flat(named))
                : new Glob(name).matches(named);
    }

    /** A name with another character for each slash; no scope has that character, and so no other name may have it. */
    private static String flat(String name) {
        return name.replace('\u0001', '\u0002').replace('/', '\u0001');
    }

    /** Whether all that the other scope covers is covered by this one. */
    public boolean covers(Scope other) {
        return kind == Kind.SERVER || (kind == other.kind && matches(other.name));
    }

    @Override
    public String toString() {
        return kind == Kind.SERVER ? "*" : kind.name().toLowerCase(Locale.ROOT) + ":" + name;
    }
}
