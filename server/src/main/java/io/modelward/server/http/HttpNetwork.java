package io.modelward.server.http;

import java.util.Optional;
import java.util.Set;

/**
 * How the server is reached.
 *
 * @param hosts names that it answers to besides those of this machine
 * @param tls the files for TLS; empty: connections are not secured
 * @param proxies whose word is taken for who calls
 * @param limits how often one may call; empty: as often as one likes
 */
public record HttpNetwork(Set<String> hosts, Optional<TlsFiles> tls, Proxies proxies, RequestLimits limits) {

    /** For callers on this machine. */
    public static HttpNetwork local(Set<String> hosts) {
        return new HttpNetwork(hosts, Optional.empty(), Proxies.NONE, RequestLimits.NONE);
    }
}
