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
import java.util.Objects;
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
    private final Doorkeeper doorkeeper;
    private final RequestLimits limits;
    private final RequestThreads threads;
    private final Streams streams;

    Router(
            HttpRoute.Table table,
            MemoryShare documents,
            OriginCheck origins,
            Authenticator authenticator,
            Doorkeeper doorkeeper,
            RequestLimits limits,
            RequestThreads threads,
            Streams streams) {
        this.forms = Below.of(table.forms(), ProblemForm.NATIVE);
        this.memory = Below.of(table.memory(), documents);
        this.routes = new RouteTree(table.routes());
        this.origins = origins;
        this.authenticator = authenticator;
        this.doorkeeper = doorkeeper;
        this.limits = limits;
        this.threads = threads;
        this.streams = streams;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        // A slow answer is not an idle connection: how long work may take is decided by those who do it.
        request.addIdleTimeoutListener(timeout -> false);
        String address = request.getHttpURI().getPath();
        Arrival arrival = new Arrival(request, response, callback, forms.at(address), memory.at(address));
        try {
            origins.check(request);
            requireNoCoding(request);
            List<String> path = PathReader.segments(request.getHttpURI().getPath());
            String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
            RouteTree.Match match = routes.find(path, method);
            if (match != null) {
                enter(match, arrival);
                return true;
            }
            SortedSet<String> allowed = routes.methods(path);
            if (allowed.isEmpty()) {
                arrival.form().nothingThere(exchange(arrival, Map.of(), Principal.ANONYMOUS));
            } else {
                refuse(arrival, notAllowed(allowed));
            }
        } catch (RuntimeException failure) {
            refuse(arrival, failure);
        }
        return true;
    }

    /** A request before it is known who sends it. */
    private record Arrival(
            Request request, Response response, Callback callback, ProblemForm form, MemoryShare share) {}

    private Exchange exchange(Arrival arrival, Map<String, String> parameters, Principal principal) {
        return new Exchange(
                arrival.request(),
                arrival.response(),
                arrival.callback(),
                parameters,
                principal,
                doorkeeper,
                arrival.form(),
                arrival.share(),
                threads);
    }

    private void refuse(Arrival arrival, RuntimeException failure) {
        exchange(arrival, Map.of(), Principal.ANONYMOUS).fail(failure);
    }

    private void enter(RouteTree.Match match, Arrival arrival) {
        if (match.route().open()) {
            run(match.route().handler(), exchange(arrival, match.parameters(), Principal.ANONYMOUS));
            return;
        }
        Principal principal = authenticate(arrival, false);
        if (principal != null) {
            enter(match, arrival, principal);
            return;
        }
        threads.waiting().execute(() -> {
            try {
                enter(match, arrival, Objects.requireNonNull(authenticate(arrival, true)));
            } catch (RuntimeException failure) {
                refuse(arrival, failure);
            }
        });
    }

    private void enter(RouteTree.Match match, Arrival arrival, Principal principal) {
        Exchange exchange = exchange(arrival, match.parameters(), principal);
        try {
            limits.count(arrival.request(), principal, arrival.response().getHeaders());
            doorkeeper.require(match.route(), match.parameters(), principal);
        } catch (RuntimeException refused) {
            exchange.fail(refused);
            return;
        }
        run(match.route().handler(), exchange);
    }

    private @Nullable Principal authenticate(Arrival arrival, boolean waiting) {
        try {
            return waiting ? authenticator.waiting(arrival.request()) : authenticator.authenticate(arrival.request());
        } catch (ProblemException refused) {
            throw limits.failed(arrival.request(), refused);
        }
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
