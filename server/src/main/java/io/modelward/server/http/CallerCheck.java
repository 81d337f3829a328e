package io.modelward.server.http;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import java.net.InetAddress;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Finds out by which way a request came, before anything else looks at it: takes the word of a believed proxy, and
 * refuses what came over a network without TLS.
 */
final class CallerCheck extends Handler.Wrapper {

    /** The longest address with its query; the headers have as much again. */
    private static final int LONGEST_TARGET = 8 << 10;
    /** What tells nothing and takes no secret: whoever runs machines asks it without a proxy. */
    private static final Set<String> OPEN = Set.of("/livez", "/readyz");

    private final Proxies proxies;

    CallerCheck(Handler handler, Proxies proxies) {
        super(handler);
        this.proxies = proxies;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        CallerEndPoint caller = CallerEndPoint.of(request);
        if (caller != null) {
            caller.begun();
        }
        if (!proxies.none()) {
            InetAddress peer = ClientAddress.peer(request);
            if (proxies.believes(peer)) {
                ClientAddress.note(request, proxies.word(request.getHeaders()));
            } else if (!request.getConnectionMetaData().isSecure()
                    && peer != null
                    && !peer.isLoopbackAddress()
                    && !OPEN.contains(String.valueOf(request.getHttpURI().getPath()))) {
                Problems.send(
                        response,
                        callback,
                        Problem.of(ProblemType.FORBIDDEN, "Call this server through its proxy, over TLS."),
                        ProblemType.FORBIDDEN.status());
                return true;
            }
        }
        String target = request.getHttpURI().getPathQuery();
        if (target != null && target.length() > LONGEST_TARGET) {
            Problems.send(
                    response,
                    callback,
                    Problem.of(ProblemType.INVALID, "The address is too long: 8 KiB is the most."),
                    414);
            return true;
        }
        return super.handle(request, response, callback);
    }
}
