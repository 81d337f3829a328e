package io.modelward.server.http;

import io.modelward.core.problem.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** An answer: status, headers and content. */
public record Reply(int status, Map<String, String> headers, Content content) {

    /**
     * What a page may load: styles, scripts, pictures and fonts of this server. Nothing that stands in the page itself
     * runs, nobody frames the page, and its forms go to this server only.
     */
    static final String PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final Set<Integer> REDIRECTS = Set.of(302, 303, 307, 308);
    /** A path with query and fragment as RFC 3986 has them; a second slash would begin the name of a host. */
    private static final Pattern OWN_ADDRESS = Pattern.compile("/(?!/)[A-Za-z0-9._~!$&'()*+,;=:@%/?#-]*");

    private static final int LONGEST_ADDRESS = 4096;

    /** The content after the headers. */
    public sealed interface Content {
        /** Nothing. */
        record None() implements Content {}

        record Json(JsonNode body) implements Content {}

        record Bytes(String type, byte[] body) implements Content {}

        /** Content that is written as it is made, since it is too large to hold or comes with time. */
        record Stream(String type, Writer writer) implements Content {}
    }

    /**
     * Writes a body piece by piece, on a virtual thread: a write waits until the caller has taken what came before.
     * Pieces go out when some KiB have come together, or at {@link OutputStream#flush}. What fails before the first of
     * them went out is answered as a problem; what fails later cuts the connection, so that nobody takes half of the
     * body for all of it.
     */
    @FunctionalInterface
    public interface Writer {
        void write(OutputStream out) throws IOException;
    }

    /** JSON that is written as it is made. */
    public static Reply written(Writer writer) {
        return stream("application/json", writer);
    }

    /** A body of any type that is written as it is made. For server-sent events there is {@link EventStream}. */
    public static Reply stream(String contentType, Writer writer) {
        return new Reply(200, Map.of(), new Content.Stream(contentType, writer));
    }

    public static Reply ok(JsonNode body) {
        return of(200, body);
    }

    public static Reply of(int status, JsonNode body) {
        return new Reply(status, Map.of(), new Content.Json(body));
    }

    public static Reply nothing() {
        return new Reply(204, Map.of(), new Content.None());
    }

    /** A page for people. It gets a strict Content-Security-Policy: whatever it shows cannot run. */
    public static Reply html(int status, String page) {
        return new Reply(
                        status,
                        Map.of(),
                        new Content.Bytes("text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8)))
                .with("Content-Security-Policy", PAGE_POLICY)
                .with("X-Content-Type-Options", "nosniff");
    }

    /**
     * Sends the caller to another address of this server.
     *
     * @param status 302, 303, 307 or 308
     * @param address a path, percent-encoded, perhaps with a query; it may come from the caller
     * @throws ProblemException of kind INVALID for what is no such address or would lead to another server
     */
    public static Reply redirect(int status, String address) {
        if (address.length() > LONGEST_ADDRESS || !OWN_ADDRESS.matcher(address).matches()) {
            throw ProblemException.invalid(
                    "location",
                    "The address to go to is a path of this server, percent-encoded: it begins with one slash.");
        }
        return redirected(status, address);
    }

    /**
     * Sends the caller to another server, which the server's own code or an operator has named.
     *
     * @param address http or https with a host, without a user
     * @throws ProblemException of kind INVALID for any other address
     */
    public static Reply redirectAway(int status, URI address) {
        String scheme = String.valueOf(address.getScheme());
        String text = address.toASCIIString();
        if (!(scheme.equals("https") || scheme.equals("http"))
                || address.getHost() == null
                || address.getRawUserInfo() != null
                || text.length() > LONGEST_ADDRESS) {
            throw ProblemException.invalid("location", "The address to go to is http or https with a host.");
        }
        return redirected(status, text);
    }

    private static Reply redirected(int status, String location) {
        if (!REDIRECTS.contains(status)) {
            throw new IllegalArgumentException("a redirect is one of " + REDIRECTS + ", not " + status);
        }
        return new Reply(status, Map.of(), new Content.None()).with("Location", location);
    }

    /** @throws IllegalArgumentException when the value has a control character, which could begin another header */
    public Reply with(String header, String value) {
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the value of the header " + header + " has a control character");
        }
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Reply(status, more, content);
    }
}
