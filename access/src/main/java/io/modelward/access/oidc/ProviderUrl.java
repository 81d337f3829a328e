package io.modelward.access.oidc;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which URLs of an identity provider may be called: https, and http where the host is this machine itself, as in
 * trials. A provider on the network that names an address of this machine for its keys would have the server call its
 * neighbours, so only a provider of this machine may name one.
 */
final class ProviderUrl {

    private static final Pattern THIS_MACHINE =
            Pattern.compile("localhost|127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}|\\[::1\\]");

    private ProviderUrl() {}

    /** An absolute URL without a user and without a fragment; empty for anything else, or for a scheme not allowed. */
    static Optional<URI> parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException malformed) {
            return Optional.empty();
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            return Optional.empty();
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        boolean allowed = scheme.equals("https") || (scheme.equals("http") && isThisMachine(uri));
        return allowed ? Optional.of(uri) : Optional.empty();
    }

    /** Whether the host is written as a name of this machine. */
    static boolean isThisMachine(URI uri) {
        return THIS_MACHINE.matcher(uri.getHost().toLowerCase(Locale.ROOT)).matches();
    }
}
