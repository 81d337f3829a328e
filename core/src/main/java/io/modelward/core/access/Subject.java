package io.modelward.core.access;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.util.Locale;

/**
 * Whom a role is granted to: {@code user:ISSUER#SUBJECT} (a person or a program that an identity provider knows; never
 * an e-mail address, which its provider may give to another person), {@code group:NAME} (a group of the provider's),
 * {@code service:NAME} (a program that has tokens of this server only), {@code certificate:NAME} (who has a client
 * certificate of this name), or {@code everyone} (all who are known).
 *
 * @param name empty for everyone
 */
public record Subject(Kind kind, String name) {

    /** All who are known to the server, whoever they are. */
    public static final Subject EVERYONE = new Subject(Kind.EVERYONE, "");

    /** In whose name the first token is made. */
    public static final Subject BOOTSTRAP = new Subject(Kind.SERVICE, "bootstrap");

    private static final int LONGEST = 500;

    /** The kinds of those who may have roles. */
    public enum Kind {
        USER,
        GROUP,
        SERVICE,
        CERTIFICATE,
        EVERYONE
    }

    /** Who a provider calls so. An issuer has no {@code #}, so that no two pairs have one name. */
    public static Subject user(String issuer, String subject) {
        if (issuer.indexOf('#') >= 0) {
            throw new IllegalArgumentException("an issuer has no #");
        }
        return new Subject(Kind.USER, issuer + "#" + subject);
    }

    public static Subject group(String name) {
        return new Subject(Kind.GROUP, name);
    }

    /**
     * Reads a subject.
     *
     * @throws ProblemException of kind INVALID
     */
    public static Subject parse(String field, String text) {
        if (text.equals("everyone")) {
            return EVERYONE;
        }
        int colon = text.indexOf(':');
        String name = text.substring(colon + 1);
        boolean plain =
                !name.isBlank() && name.equals(name.strip()) && name.length() <= LONGEST && Quoted.isPlain(name);
        if (colon > 0 && plain) {
            switch (text.substring(0, colon)) {
                case "user" -> {
                    int hash = name.indexOf('#');
                    if (hash > 0 && hash < name.length() - 1) {
                        return new Subject(Kind.USER, name);
                    }
                }
                case "group" -> {
                    return new Subject(Kind.GROUP, name);
                }
                case "service" -> {
                    if (name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
                        return new Subject(Kind.SERVICE, name.toLowerCase(Locale.ROOT));
                    }
                }
                case "certificate" -> {
                    return new Subject(Kind.CERTIFICATE, name);
                }
                default -> {
                    // Refused below, as all others.
                }
            }
        }
        throw ProblemException.invalid(
                field,
                Quoted.of(text) + " is no subject. A subject is user:ISSUER#SUBJECT (whoami and the list of users show"
                        + " it), group:NAME, service:NAME, certificate:NAME or everyone.");
    }

    @Override
    public String toString() {
        return kind == Kind.EVERYONE ? "everyone" : kind.name().toLowerCase(Locale.ROOT) + ":" + name;
    }
}
