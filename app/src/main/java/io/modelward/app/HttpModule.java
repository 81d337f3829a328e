package io.modelward.app;

import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import io.modelward.server.http.ClaimedName;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.HttpServer;
import io.modelward.server.http.Listener;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The server for HTTP; opened last, when all that it leads to is there. */
final class HttpModule extends Module {

    private static final Pattern LISTEN = Pattern.compile("(?:\\[([0-9A-Fa-f:]+)\\]|([^:]+)):([0-9]{1,5})");

    private final ResourcesModule resources;
    private final MetricsModule metrics;
    private final String host;
    private final int port;
    private final Set<String> hosts;
    private @Nullable Listener listener;

    HttpModule(Configuration configuration, ResourcesModule resources, MetricsModule metrics) {
        this.resources = resources;
        this.metrics = metrics;
        Matcher listen = LISTEN.matcher(configuration.text("server.listen").orElse("127.0.0.1:8080"));
        if (!listen.matches() || Integer.parseInt(listen.group(3)) > 65_535) {
            throw new StartRefused(
                    "server.listen is written host:port, such as 127.0.0.1:8080; port 0 takes any free one.");
        }
        this.host = listen.group(1) != null ? listen.group(1) : listen.group(2);
        this.port = Integer.parseInt(listen.group(3));
        this.hosts = Arrays.stream(configuration.text("server.hosts").orElse("").split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }

    /** Takes the port; who calls meanwhile waits until {@link #open}. */
    void bind() {
        listener = own(new Listener(host, port));
    }

    /** Begins to answer; says where. */
    String open(HttpRoute.Table routes) {
        return own(new HttpServer(
                        Objects.requireNonNull(listener),
                        hosts,
                        routes,
                        new ClaimedName(),
                        resources.memory().documents(),
                        resources.pools().documents(),
                        metrics.meters()))
                .start();
    }
}
