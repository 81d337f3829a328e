package io.modelward.app;

import io.modelward.core.access.Access;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import io.modelward.server.http.Authenticator;
import io.modelward.server.http.HttpNetwork;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.HttpServer;
import io.modelward.server.http.Listener;
import io.modelward.server.http.Proxies;
import io.modelward.server.http.RateLimit;
import io.modelward.server.http.RequestLimits;
import io.modelward.server.http.TlsFiles;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The server for HTTP; opened last, when all that it leads to is there. */
final class HttpModule extends Module {

    private static final Pattern LISTEN = Pattern.compile("(?:\\[([0-9A-Fa-f:]+)\\]|([^:]+)):([0-9]{1,5})");

    private static final String FAILURES = "3000/1m";

    private final ResourcesModule resources;
    private final MetricsModule metrics;
    private final String host;
    private final int port;
    private final HttpNetwork network;
    private final List<String> missing;
    private @Nullable Listener listener;
    private volatile @Nullable HttpServer server;

    /** @param access whether access control is on; while it is off, only this machine may call */
    HttpModule(Configuration configuration, boolean access, ResourcesModule resources, MetricsModule metrics) {
        this.resources = resources;
        this.metrics = metrics;
        Matcher listen = LISTEN.matcher(configuration.text("server.listen").orElse("127.0.0.1:8080"));
        if (!listen.matches() || Integer.parseInt(listen.group(3)) > 65_535) {
            throw new StartRefused(
                    "server.listen is written host:port, such as 127.0.0.1:8080; port 0 takes any free one.");
        }
        this.host = listen.group(1) != null ? listen.group(1) : listen.group(2);
        this.port = Integer.parseInt(listen.group(3));
        Set<String> hosts = Arrays.stream(
                        configuration.text("server.hosts").orElse("").split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
        Proxies proxies = Proxies.of(
                configuration.text("server.proxies").orElse(""),
                configuration.text("server.proxy-headers").orElse("x-forwarded"));
        this.network = new HttpNetwork(hosts, tls(configuration), proxies, limits(configuration, access));
        this.missing = missing(access);
    }

    private static Optional<TlsFiles> tls(Configuration configuration) {
        Optional<Path> certificate = configuration.text("tls.certificate").map(Path::of);
        Optional<Path> key = configuration.text("tls.key").map(Path::of);
        Optional<Path> clientCa = configuration.text("tls.client-ca").map(Path::of);
        if (certificate.isPresent() != key.isPresent()) {
            throw new StartRefused("tls.certificate and tls.key are set together; set "
                    + (key.isPresent() ? "tls.certificate" : "tls.key") + " too.");
        }
        if (certificate.isEmpty() && clientCa.isPresent()) {
            throw new StartRefused("tls.client-ca needs TLS; set tls.certificate and tls.key too.");
        }
        return certificate.map(file -> new TlsFiles(file, key.orElseThrow(), clientCa));
    }

    private static RequestLimits limits(Configuration configuration, boolean access) {
        Optional<String> failures = configuration.text("limits.failures");
        return new RequestLimits(
                configuration.text("limits.requests").map(text -> RateLimit.parse("limits.requests", text)),
                failures.or(() -> access ? Optional.of(FAILURES) : Optional.empty())
                        .map(text -> RateLimit.parse("limits.failures", text)));
    }

    /** What must be set before other machines may reach the server. */
    private List<String> missing(boolean access) {
        List<String> settings = new ArrayList<>();
        if (!access) {
            settings.add("access.mode = on, since access control is off and anyone could do anything");
        }
        if (network.tls().isEmpty() && network.proxies().none()) {
            settings.add("tls.certificate and tls.key, or server.proxies where a proxy ends TLS");
        }
        return List.copyOf(settings);
    }

    /** Takes the port; who calls meanwhile waits until {@link #open}. */
    void bind() {
        listener = own(new Listener(host, port, missing));
    }

    /** Begins to answer; says where. */
    String open(HttpRoute.Table routes, Authenticator authenticator, Access access) {
        HttpServer made = own(new HttpServer(
                Objects.requireNonNull(listener),
                network,
                routes,
                authenticator,
                access,
                resources.memory().documents(),
                resources.pools().documents(),
                metrics.meters()));
        this.server = made;
        return made.start();
    }

    /** When the certificate that callers are shown ends; empty without TLS, and before the server is open. */
    Optional<Instant> certificateEnd() {
        HttpServer opened = server;
        return opened == null ? Optional.empty() : opened.certificateEnd();
    }
}
