package io.modelward.server.http;

import io.modelward.core.access.Principal;
import io.modelward.core.memory.MemoryShare;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.server.http.Exchange.RequestThreads;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request. The handler never blocks: predictions run where they arrive, everything that may wait
 * runs on a virtual thread of its own.
 */
final class Router extends Handler.Abstract.NonBlocking {

    private final RouteTree routes;
    private final Below<ProblemForm> forms;
    private final Below<MemoryShare> memory;
    private final OriginCheck origins;
    private final Authenticator authenticator;
    private final RequestThreads threads;
    private final Streams streams;

    Router(
            HttpRoute.Table table,
            MemoryShare documents,
            OriginCheck origins,
            Authenticator authenticator,
            RequestThreads threads,
            Streams streams) {
        this.forms = Below.of(table.forms(), ProblemForm.NATIVE);
        this.memory = Below.of(table.memory(), documents);
        this.routes = new RouteTree(table.routes());
        this.origins = origins;
        this.authenticator = authenticator;
        this.threads = threads;
        this.streams = streams;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        // A slow answer is not an idle connection: how long work may take is decided by those who do it.
        request.addIdleTimeoutListener(timeout -> false);
        String address = request.getHttpURI().getPath();
        ProblemForm form = forms.at(address);
        MemoryShare share = memory.at(address);
        Exchange unrouted =
                new Exchange(request, response, callback, Map.of(), Principal.ANONYMOUS, form, share, threads);
        try {
            origins.check(request);
            requireNoCoding(request);
            List<String> path = PathReader.segments(request.getHttpURI().getPath());
            String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
            RouteTree.Match match = routes.find(path, method);
            if (match != null) {
                Principal principal =
                        match.route().needs().isPresent() ? authenticator.authenticate(request) : Principal.ANONYMOUS;
                run(
                        match.route().handler(),
                        new Exchange(request, response, callback, match.parameters(), principal, form, share, threads));
                return true;
            }
            SortedSet<String> allowed = routes.methods(path);
            if (allowed.isEmpty()) {
                form.nothingThere(unrouted);
            } else {
                unrouted.fail(notAllowed(allowed));
            }
        } catch (RuntimeException failure) {
            unrouted.fail(failure);
        }
        return true;
    }

    /** Each kind runs for the caller: its services ask what the caller may do. */
    private void run(RouteHandler handler, Exchange exchange) {
        switch (handler) {
            case RouteHandler.Blocking blocking -> exchange.waiting(blocking);
            case RouteHandler.Stream stream -> streams.start(stream, exchange);
            case RouteHandler.Async async ->
                exchange.asCaller(() -> {
                    try {
                        async.handle(exchange);
                    } catch (Exception failure) {
                        exchange.fail(failure);
                    }
                });
        }
    }

    /** Refuses a body with a content coding, since nothing here undoes the coding. */
    private static void requireNoCoding(Request request) {
        for (String coding : request.getHeaders().getCSV("Transfer-Encoding", false)) {
            if (!coding.equalsIgnoreCase("identity") && !coding.equalsIgnoreCase("chunked")) {
                throw Problem.field(
                                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                                "Transfer-Encoding",
                                "Only chunked is understood here. Send the body without another coding.")
                        .exception();
            }
        }
        for (String coding : request.getHeaders().getCSV("Content-Encoding", false)) {
            if (!coding.equalsIgnoreCase("identity")) {
                throw Problem.field(
                                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                                "Content-Encoding",
                                "Bodies are taken as they are. Send the body without a content coding.")
                        .exception();
            }
        }
    }

    private static ProblemException notAllowed(SortedSet<String> allowed) {
        String list = String.join(", ", allowed);
        return Problem.of(ProblemType.METHOD_NOT_ALLOWED, "Allowed here: " + list + ".")
                .with("allow", list)
                .exception();
    }

    /**
     * Values by the addresses that they hold below. At an address the value of its longest known beginning holds.
     *
     * @param otherwise the value where no known beginning fits
     */
    record Below<T>(List<Map.Entry<String, T>> longestFirst, T otherwise) {

        static <T> Below<T> of(Map<String, T> below, T otherwise) {
            return new Below<>(
                    below.entrySet().stream()
                            .sorted(Comparator.comparingInt(
                                    form -> -form.getKey().length()))
                            .toList(),
                    otherwise);
        }

        /** @param path null when the request line names none, as that of CONNECT */
        T at(@Nullable String path) {
            for (Map.Entry<String, T> entry : longestFirst) {
                if (path != null && path.startsWith(entry.getKey())) {
                    return entry.getValue();
                }
            }
            return otherwise;
        }
    }
}
