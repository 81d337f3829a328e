package io.modelward.server.http;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * A cookie that only this host can set, that no script sees, that goes over https only (browsers count this machine
 * itself as such), and that does not come with what a page of another site posts. The prefix {@code __Host-} has the
 * browser see to the first of these.
 */
public enum PageCookie {
    /** The session of somebody who logged in. */
    SESSION("__Host-modelward"),
    /** A log-in that has begun. */
    LOG_IN("__Host-modelward-login");

    private static final String ATTRIBUTES = "; Path=/; Secure; HttpOnly; SameSite=Lax";

    private final String name;

    PageCookie(String name) {
        this.name = name;
    }

    /** What the browser brought; empty also when it brought two of the name, since one is not ours then. */
    public Optional<String> of(Request request) {
        List<String> values = Request.getCookies(request).stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue)
                .toList();
        return values.size() == 1 ? Optional.of(values.getFirst()).filter(value -> !value.isEmpty()) : Optional.empty();
    }

    /** Has the browser keep a value, of letters, digits, {@code -}, {@code _} and {@code .} only. */
    public void set(Exchange exchange, String value, Duration age) {
        if (!value.matches("[A-Za-z0-9._-]+")) {
            throw new IllegalArgumentException("a cookie of ours has plain letters only");
        }
        add(exchange, value, Math.max(0, age.toSeconds()));
    }

    /** Has the browser forget it. */
    public void clear(Exchange exchange) {
        add(exchange, "", 0);
    }

    private void add(Exchange exchange, String value, long seconds) {
        exchange.response()
                .getHeaders()
                .add(HttpHeader.SET_COOKIE, name + "=" + value + "; Max-Age=" + seconds + ATTRIBUTES);
    }
}
