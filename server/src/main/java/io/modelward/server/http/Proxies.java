package io.modelward.server.http;

import io.modelward.core.problem.StartRefused;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * The peers whose word is taken for who called them, and the headers that they say it with. Only one family of headers
 * is read: a proxy sets its own and may pass on the other as a caller forged it.
 *
 * @param ranges the addresses of the proxies
 * @param standard whether they send {@code Forwarded} (RFC 7239) and not {@code X-Forwarded-For}, {@code -Proto} and
 *     {@code -Host}
 */
public record Proxies(List<AddressRange> ranges, boolean standard) {

    /** Nobody's word is taken. */
    public static final Proxies NONE = new Proxies(List.of(), false);

    /**
     * What a believed proxy says.
     *
     * @param address of the caller; null when it says none
     * @param secure whether the caller used TLS
     * @param host the authority that the caller asked for; null when it says none
     */
    record Word(
            @Nullable InetAddress address,
            boolean secure,
            @Nullable String host) {}

    /**
     * @param addresses of {@code server.proxies}: addresses and ranges, separated by commas
     * @param headers of {@code server.proxy-headers}: {@code x-forwarded} or {@code forwarded}
     */
    public static Proxies of(String addresses, String headers) {
        if (!headers.equals("x-forwarded") && !headers.equals("forwarded")) {
            throw new StartRefused("server.proxy-headers is x-forwarded or forwarded.");
        }
        List<AddressRange> ranges = Arrays.stream(addresses.split(","))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .map(text -> AddressRange.parse(text)
                        .orElseThrow(() -> new StartRefused(
                                "server.proxies is addresses and ranges of addresses, separated by commas, such as"
                                        + " 10.0.0.7, 10.1.0.0/16.")))
                .toList();
        return new Proxies(ranges, headers.equals("forwarded"));
    }

    public boolean none() {
        return ranges.isEmpty();
    }

    boolean believes(@Nullable InetAddress peer) {
        if (peer != null) {
            for (AddressRange range : ranges) {
                if (range.contains(peer)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** What a peer that is believed says of its caller. */
    Word word(HttpFields headers) {
        return standard ? forwarded(headers) : xForwarded(headers);
    }

    private Word xForwarded(HttpFields headers) {
        return new Word(
                caller(headers.getCSV("X-Forwarded-For", false)),
                "https".equalsIgnoreCase(last(headers.getCSV("X-Forwarded-Proto", false))),
                last(headers.getCSV("X-Forwarded-Host", false)));
    }

    /** The nearest proxy writes the last element; those before may be forged. */
    private Word forwarded(HttpFields headers) {
        List<String> callers = new ArrayList<>();
        String proto = null;
        String host = null;
        for (String element : headers.getCSV("Forwarded", true)) {
            String caller = "";
            proto = null;
            host = null;
            for (String pair : element.split(";", -1)) {
                String[] parts = pair.split("=", 2);
                if (parts.length == 2) {
                    String value = unquoted(parts[1].strip());
                    switch (parts[0].strip().toLowerCase(Locale.ROOT)) {
                        case "for" -> caller = value;
                        case "proto" -> proto = value;
                        case "host" -> host = value;
                        default -> {}
                    }
                }
            }
            callers.add(caller);
        }
        return new Word(caller(callers), "https".equalsIgnoreCase(proto), host);
    }

    private static String unquoted(String value) {
        return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }

    private static @Nullable String last(List<String> values) {
        return values.isEmpty() || values.getLast().isBlank() ? null : values.getLast();
    }

    /** The last address that is no proxy's own: what stands before it is the word of a stranger. */
    private @Nullable InetAddress caller(List<String> hops) {
        InetAddress nearest = null;
        for (String hop : hops.reversed()) {
            Optional<InetAddress> address = withoutPort(hop);
            if (address.isEmpty()) {
                return nearest;
            }
            nearest = address.get();
            if (!believes(nearest)) {
                return nearest;
            }
        }
        return nearest;
    }

    private static Optional<InetAddress> withoutPort(String hop) {
        String text = unquoted(hop.strip());
        int bracket = text.indexOf(']');
        if (text.startsWith("[") && bracket > 0) {
            return AddressRange.literal(text.substring(1, bracket));
        }
        int colon = text.indexOf(':');
        return AddressRange.literal(colon >= 0 && colon == text.lastIndexOf(':') ? text.substring(0, colon) : text);
    }
}
