package io.modelward.server.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from: the peer of the connection, or what a proxy of {@code server.proxies} says of its
 * caller. No header of anybody else counts.
 */
public final class ClientAddress {

    private static final String WORD = ClientAddress.class.getName();

    private ClientAddress() {}

    /** The address in digits, without a port; IPv6 as RFC 5952 writes it, IPv4 within IPv6 as IPv4. */
    public static String of(Request request) {
        InetAddress address = address(request);
        return address == null ? "unknown" : AddressRange.canonical(address);
    }

    /**
     * What limits count by: the address; of an IPv6 address the first 64 bits, since one machine chooses the others as
     * it likes.
     */
    public static String network(Request request) {
        InetAddress address = address(request);
        if (!(address instanceof Inet6Address)) {
            return address == null ? "unknown" : address.getHostAddress();
        }
        String text = address.getHostAddress();
        int end = 0;
        for (int groups = 0; groups < 4; groups++) {
            end = text.indexOf(':', end) + 1;
        }
        return text.substring(0, end) + ":/64";
    }

    /** Whether the caller used TLS, to this server or to the proxy in front. */
    public static boolean secure(Request request) {
        return request.getConnectionMetaData().isSecure()
                || word(request).map(Proxies.Word::secure).orElse(false);
    }

    /**
     * Where the caller found this server, such as {@code https://models.example.org}: the scheme and the host that the
     * caller used, which the check of hosts let through.
     */
    public static String server(Request request) {
        String told = word(request).map(Proxies.Word::host).orElse(null);
        String authority = told != null
                ? told
                : Optional.ofNullable(request.getHeaders().get(HttpHeader.HOST))
                        .orElseGet(() -> String.valueOf(request.getHttpURI().getAuthority()));
        return (secure(request) ? "https://" : "http://") + authority;
    }

    private static @Nullable InetAddress address(Request request) {
        InetAddress told = word(request).map(Proxies.Word::address).orElse(null);
        return told != null ? told : peer(request);
    }

    static @Nullable InetAddress peer(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress socket
                ? socket.getAddress()
                : null;
    }

    static Optional<Proxies.Word> word(Request request) {
        return Optional.ofNullable((Proxies.Word) request.getAttribute(WORD));
    }

    /** Notes what a believed proxy says; once, before anybody asks. */
    static void note(Request request, Proxies.Word word) {
        request.setAttribute(WORD, word);
    }
}
