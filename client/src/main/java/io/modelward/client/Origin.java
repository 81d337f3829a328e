package io.modelward.client;

import java.net.URI;
import java.util.Locale;

/**
 * Where a secret may go: scheme, host and port of a server, as RFC 6454 compares them. Two addresses of one server have
 * one origin, whatever their paths and however their host is written.
 */
public record Origin(String scheme, String host, int port) {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /**
     * The origin of an address.
     *
     * @throws IllegalArgumentException when the address is not one of http or https, or has no host
     */
    public static Origin of(URI address) {
        String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
        if (address.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new IllegalArgumentException("an origin has the scheme http or https, and a host");
        }
        int usual = scheme.equals("https") ? HTTPS : HTTP;
        return new Origin(
                scheme, address.getHost().toLowerCase(Locale.ROOT), address.getPort() < 0 ? usual : address.getPort());
    }

    /** Whether nobody between can read what is sent: it is encrypted, or does not leave this machine. */
    public boolean isPrivate() {
        return scheme.equals("https")
                || host.equals("localhost")
                || host.equals("[::1]")
                || host.matches("127(\\.[0-9]{1,3}){3}");
    }

    /** With its port, also where it is the usual one: {@code https://models.example.org:443}. */
    @Override
    public String toString() {
        return scheme + "://" + host + ":" + port;
    }
}
