package io.modelward.core.webhook;

import io.modelward.core.problem.ProblemException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a webhook sends to. One writing for each place: a host is a name, an IPv4 address as four plain numbers or an
 * IPv6 address in brackets; whatever else resolvers take for an address is refused, since programs differ in what they
 * read it as.
 *
 * @param host as it is connected to and named in a certificate; an IPv6 address without its brackets
 * @param target path and query, as sent
 */
public record WebhookUrl(String text, boolean secure, String host, int port, String target) {

    private static final int LONGEST = 500;
    private static final String FIELD = "url";
    private static final Pattern FORM = Pattern.compile(
            "(?i:(https?))://(\\[[0-9A-Fa-f:.]+\\]|[^/?#@:\\[\\]\\\\]+)(?::([0-9]{1,5}))?((?:[/?][A-Za-z0-9._~:/?\\[\\]@!$&'()*+,;=%-]*)?)");
    private static final Pattern NAME = Pattern.compile(
            "(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?(?:\\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)*");
    /** A host that ends in a number is an address, to whoever reads URLs as browsers do. */
    private static final Pattern LIKE_AN_ADDRESS = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)");

    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");

    /** @throws ProblemException of kind INVALID that says what is wrong */
    public static WebhookUrl parse(String text) {
        if (text.length() > LONGEST) {
            throw wrong("It has at most " + LONGEST + " characters.");
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw wrong("Write http:// or https://, a host, and what follows it: without a user, a password, a fragment"
                    + " or characters that are not escaped.");
        }
        boolean secure = form.group(1).toLowerCase(Locale.ROOT).equals("https");
        int port = form.group(3) == null ? secure ? 443 : 80 : Integer.parseInt(form.group(3));
        if (port < 1 || port > 65_535) {
            throw wrong("A port is from 1 to 65535.");
        }
        String rest = form.group(4);
        return new WebhookUrl(text, secure, host(form.group(2)), port, rest.startsWith("/") ? rest : "/" + rest);
    }

    private static String host(String written) {
        if (written.startsWith("[")) {
            String inner = written.substring(1, written.length() - 1);
            try {
                // What maps an IPv4 address is read as that address: a second writing of it.
                if (!(InetAddress.ofLiteral(inner) instanceof Inet4Address)) {
                    return inner.toLowerCase(Locale.ROOT);
                }
            } catch (IllegalArgumentException malformed) {
                // Answered below.
            }
            throw wrong("The address in brackets is no IPv6 address.");
        }
        if (LIKE_AN_ADDRESS.matcher(written).matches()
                ? !IPV4.matcher(written).matches()
                : !NAME.matcher(written).matches()) {
            throw wrong("The host is a name of letters, digits, - and ., or an address as four plain numbers.");
        }
        return written.toLowerCase(Locale.ROOT);
    }

    /** The address, when the host is one. */
    public Optional<InetAddress> address() {
        return host.contains(":") || IPV4.matcher(host).matches()
                ? Optional.of(InetAddress.ofLiteral(host))
                : Optional.empty();
    }

    /** As the header Host has it: the port only where it is not the usual one. */
    public String authority() {
        String name = host.contains(":") ? "[" + host + "]" : host;
        return port == (secure ? 443 : 80) ? name : name + ":" + port;
    }

    /** For logs and the audit: without path and query, in which people keep secrets. */
    public String place() {
        return (secure ? "https://" : "http://") + authority();
    }

    private static ProblemException wrong(String why) {
        return ProblemException.invalid(FIELD, "This is no URL that a webhook can have. " + why);
    }
}
