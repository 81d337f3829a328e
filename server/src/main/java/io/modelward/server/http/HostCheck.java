package io.modelward.server.http;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers only to the server's own names. A page of another site can make a browser resolve that site's name to this
 * address; the Host header still tells, or what a believed proxy says that header was.
 */
final class HostCheck extends Handler.Wrapper {

    private final Set<String> hosts;

    HostCheck(Handler handler, Set<String> more) {
        super(handler);
        this.hosts = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]", "::1"));
        more.forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!own(request)) {
            Problems.send(
                    response,
                    callback,
                    Problem.field(
                            ProblemType.MISDIRECTED,
                            "Host",
                            "This server does not answer to that name. Call it by its address, or add the name to"
                                    + " server.hosts."),
                    ProblemType.MISDIRECTED.status());
            return true;
        }
        return super.handle(request, response, callback);
    }

    private boolean own(Request request) {
        String told = ClientAddress.word(request).map(Proxies.Word::host).orElse(null);
        String host = told == null ? Request.getServerName(request) : name(told);
        boolean named = told != null
                || request.getHeaders().contains("Host")
                || request.getHttpURI().getHost() != null;
        return named
                && host != null
                && (hosts.contains(host.toLowerCase(Locale.ROOT)) || isAddressCalled(request, host));
    }

    /** The name within an authority. */
    private static String name(String authority) {
        int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
        return end > 0 ? authority.substring(0, end) : authority;
    }

    /** No other site's name is a number, so one who calls by the very address that was reached is no such page. */
    private static boolean isAddressCalled(Request request, String host) {
        String digits = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return request.getConnectionMetaData().getLocalSocketAddress() instanceof InetSocketAddress local
                && AddressRange.literal(digits)
                        .filter(local.getAddress()::equals)
                        .isPresent();
    }
}
