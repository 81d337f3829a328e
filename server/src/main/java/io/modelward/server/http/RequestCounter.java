package io.modelward.server.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;

/** Notes that requests have ended, and counts answers by method and class of status. Both are few, whatever callers send. */
final class RequestCounter implements RequestLog {

    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "DELETE", "other");
    /** By status / 100; a request whose caller left before an answer began has none. */
    private static final List<String> CLASSES = List.of("none", "1xx", "2xx", "3xx", "4xx", "5xx");

    private final Counter[][] counters;
    /** Answers that refuse, by what is wrong: who calls is not known, may not do it, or calls too often. */
    private final Map<Integer, Counter> refusals;

    RequestCounter(MeterRegistry registry) {
        counters = METHODS.stream()
                .map(method -> CLASSES.stream()
                        .map(status -> Counter.builder("modelward.http.requests")
                                .description("HTTP requests that have ended")
                                .tags("method", method, "status", status)
                                .register(registry))
                        .toArray(Counter[]::new))
                .toArray(Counter[][]::new);
        refusals = Map.of(401, "unauthenticated", 403, "forbidden", 429, "too often").entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> Counter.builder("modelward.http.refusals")
                                .description("HTTP requests that were refused: the caller is not known, may not do it,"
                                        + " or calls too often")
                                .tag("reason", entry.getValue())
                                .register(registry)));
    }

    @Override
    public void log(Request request, Response response) {
        CallerEndPoint caller = CallerEndPoint.of(request);
        if (caller != null) {
            caller.ended();
        }
        int method = METHODS.indexOf(request.getMethod());
        Counter refusal = refusals.get(response.getStatus());
        if (refusal != null) {
            refusal.increment();
        }
        int status = response.getStatus() / 100;
        counters[method < 0 ? METHODS.size() - 1 : method][status < CLASSES.size() ? status : 0].increment();
    }
}
