package io.modelward.server.http;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers only to the server's own names. A page of another site can make a browser resolve that site's name to this
 * address; the Host header still tells.
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
        String host = Request.getServerName(request);
        boolean named =
                request.getHeaders().contains("Host") || request.getHttpURI().getHost() != null;
        if (!named || host == null || !hosts.contains(host.toLowerCase(Locale.ROOT))) {
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
}
