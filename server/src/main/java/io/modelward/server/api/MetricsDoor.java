package io.modelward.server.api;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;

/** The metrics for Prometheus. They name endpoints and models, so a reader needs the permission to see these. */
public final class MetricsDoor {

    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final Access access;
    private final PrometheusMeterRegistry registry;
    private final Runnable refresh;
    private final Executor renderers;

    /**
     * Prepares the door.
     *
     * @param access asked by the door itself, since no service is behind it
     * @param refresh brings series that come and go up to date; called before each reading
     * @param renderers platform threads, so that a reading holds up no connection
     */
    public MetricsDoor(Access access, PrometheusMeterRegistry registry, Runnable refresh, Executor renderers) {
        this.access = access;
        this.registry = registry;
        this.refresh = refresh;
        this.renderers = renderers;
    }

    public void open(HttpRoute.Table routes) {
        routes.async("GET", "/metrics", Action.READ, exchange -> {
            access.require(Action.READ, Resource.REGISTRY);
            renderers.execute(() -> answer(exchange));
        });
    }

    private void answer(Exchange exchange) {
        try {
            exchange.send(200, TEXT, render().getBytes(StandardCharsets.UTF_8));
        } catch (RuntimeException failure) {
            exchange.fail(failure);
        }
    }

    /** One reading at a time: none sees the series while another renews them. */
    private synchronized String render() {
        refresh.run();
        return registry.scrape(TEXT);
    }
}
