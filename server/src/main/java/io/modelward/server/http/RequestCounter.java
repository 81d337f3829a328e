package io.modelward.server.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;

/** Counts answers by method and class of status. Both are few, whatever callers send. */
final class RequestCounter implements RequestLog {

    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "DELETE", "other");
    /** By status / 100; a request whose caller left before an answer began has none. */
    private static final List<String> CLASSES = List.of("none", "1xx", "2xx", "3xx", "4xx", "5xx");

    private final Counter[][] counters;

    RequestCounter(MeterRegistry registry) {
        counters = METHODS.stream()
                .map(method -> CLASSES.stream()
                        .map(status -> Counter.builder("modelward.http.requests")
                                .description("HTTP requests that have ended")
                                .tags("method", method, "status", status)
                                .register(registry))
                        .toArray(Counter[]::new))
                .toArray(Counter[][]::new);
    }

    @Override
    public void log(Request request, Response response) {
        int method = METHODS.indexOf(request.getMethod());
        int status = response.getStatus() / 100;
        counters[method < 0 ? METHODS.size() - 1 : method][status < CLASSES.size() ? status : 0].increment();
    }
}
