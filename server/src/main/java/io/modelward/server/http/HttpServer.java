package io.modelward.server.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.modelward.core.access.Access;
import io.modelward.core.memory.MemoryShare;
import io.modelward.server.http.Exchange.RequestThreads;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** The HTTP side of the server, on Jetty. */
public final class HttpServer implements AutoCloseable {

    private static final int MAX_THREADS = 64;
    private static final int MAX_HEADERS = 16 * 1024;
    /**
     * In bytes, the most that Jetty keeps buffers of; a file that arrives in pieces of the usual 8 KiB takes twice the
     * processor time.
     */
    private static final int READ_AT_ONCE = 64 << 10;
    /**
     * Paths are decoded once, by PathReader, which alone decides what is plain; Jetty would refuse some before it is
     * known in which form an address tells its problems.
     */
    private static final UriCompliance PATHS = UriCompliance.RFC3986.with(
            "paths",
            Violation.AMBIGUOUS_PATH_ENCODING,
            Violation.AMBIGUOUS_PATH_SEPARATOR,
            Violation.AMBIGUOUS_PATH_SEGMENT,
            Violation.AMBIGUOUS_EMPTY_SEGMENT,
            Violation.AMBIGUOUS_PATH_PARAMETER,
            Violation.SUSPICIOUS_PATH_CHARACTERS,
            Violation.ILLEGAL_PATH_CHARACTERS,
            Violation.BAD_PERCENT_ENCODING,
            Violation.BAD_UTF8_ENCODING,
            Violation.TRUNCATED_UTF8_ENCODING,
            Violation.UTF16_ENCODINGS);

    private static final long STOP_MILLIS = 20_000;
    private static final long IDLE_MILLIS = 60_000;
    /** How long a connection that nothing is asked on stays open while the server stops. */
    private static final long SHUTDOWN_IDLE_MILLIS = 100;

    private final Listener listener;
    private final Server server;
    private final CallerConnector connector;
    private final @Nullable TlsContext tls;
    private final LastRequests requests;
    private final ExecutorService virtualThreads = Executors.newVirtualThreadPerTaskExecutor();
    private final Streams streams = new Streams(virtualThreads);

    /**
     * Prepares a server; {@link #start} opens it.
     *
     * @param listener closed with the server
     * @param network how it is reached
     * @param authenticator says who sends a request
     * @param access says what they may do
     * @param documents the memory for bodies where no other share was said
     * @param parsing few platform threads, for documents that take long to parse
     * @param registry counts its requests
     */
    public HttpServer(
            Listener listener,
            HttpNetwork network,
            HttpRoute.Table routes,
            Authenticator authenticator,
            Access access,
            MemoryShare documents,
            Executor parsing,
            MeterRegistry registry) {
        this.listener = listener;
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
        threads.setName("http");
        this.server = new Server(threads);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setRequestHeaderSize(MAX_HEADERS);
        configuration.setHttpCompliance(HttpCompliance.STRICT);
        configuration.setUriCompliance(PATHS);
        HttpConnectionFactory http = new HttpConnectionFactory(configuration);
        http.setInputBufferSize(READ_AT_ONCE);
        this.tls = network.tls().map(TlsContext::new).orElse(null);
        this.connector = new CallerConnector(server, protocols(tls, http));
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.setShutdownIdleTimeout(SHUTDOWN_IDLE_MILLIS);
        server.addConnector(connector);
        server.setErrorHandler(new ProblemErrorHandler());
        Router router = new Router(
                routes,
                documents,
                new OriginCheck(network.hosts()),
                authenticator,
                new Doorkeeper(access),
                network.limits(),
                new RequestThreads(virtualThreads, parsing),
                streams);
        this.requests = new LastRequests(
                new CallerCheck(new SecureHeaders(new HostCheck(router, network.hosts())), network.proxies()));
        server.setHandler(new GracefulHandler(requests));
        server.setRequestLog(new RequestCounter(registry));
        server.setStopTimeout(STOP_MILLIS);
    }

    /** When the certificate that callers are shown ends; empty without TLS. */
    public Optional<Instant> certificateEnd() {
        return Optional.ofNullable(tls).map(TlsContext::end);
    }

    private static ConnectionFactory[] protocols(@Nullable TlsContext tls, HttpConnectionFactory http) {
        if (tls == null) {
            return new ConnectionFactory[] {http};
        }
        SslConnectionFactory secured = new SslConnectionFactory(tls.factory(), http.getProtocol());
        // It would refuse callers who call by another name than the certificate has; HostCheck knows the names.
        secured.setEnsureSecureRequestCustomizer(false);
        return new ConnectionFactory[] {secured, http};
    }

    /** Opens the server and answers its address. */
    public String start() {
        try {
            connector.open(listener.channel());
            server.start();
            connector.watch();
            if (tls != null) {
                tls.watch(connector.getScheduler());
            }
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
        return listener.address(tls != null);
    }

    /** Cuts the callers who have been too slow until this moment, as happens each second. */
    void look(long now) {
        connector.look(now);
    }

    /**
     * Ends event streams, answers what was sent until now, stops taking requests, lets those in flight end, and closes.
     */
    @Override
    public void close() {
        streams.close();
        try {
            if (server.isStarted()) {
                requests.awaitQuiet();
            }
            server.stop();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        } finally {
            virtualThreads.shutdown();
        }
    }
}
