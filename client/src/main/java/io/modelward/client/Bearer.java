package io.modelward.client;

import java.net.URI;
import java.net.http.HttpRequest;

/** A token and the one origin that it is sent to. No text of it shows the token. */
public final class Bearer {

    private static final int LONGEST = 16 * 1024;

    private final String token;
    private final Origin origin;

    private Bearer(String token, Origin origin) {
        this.token = token;
        this.origin = origin;
    }

    /**
     * A token for a server.
     *
     * @throws IllegalArgumentException when it {@linkplain #isToken(String) is none}; the message does not show it
     */
    public static Bearer of(String token, URI server) {
        if (!isToken(token)) {
            throw new IllegalArgumentException("a token has no spaces, and letters of ASCII only");
        }
        return new Bearer(token, Origin.of(server));
    }

    /** Whether a header can carry it: printable ASCII without spaces. */
    public static boolean isToken(String text) {
        return !text.isEmpty() && text.length() <= LONGEST && text.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    /** Lets the request carry the token, when it goes to the token's origin. */
    void on(HttpRequest.Builder request, URI address) {
        if (Origin.of(address).equals(origin)) {
            request.header("Authorization", "Bearer " + token);
        }
    }

    @Override
    public String toString() {
        return "a token for " + origin;
    }
}
