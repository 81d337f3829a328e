package io.modelward.server.webhook;

import io.modelward.core.webhook.WebhookUrl;
import io.modelward.registry.webhook.Destinations;
import io.modelward.registry.webhook.WebhookSender;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/**
 * Posts over a connection of its own to an address that {@link Destinations} let through, one request per connection.
 * HttpCore writes the request and reads the answer; the socket is opened here, to the address that was checked, while
 * the header {@code Host} and the name in the certificate stay the URL's. There are no proxies, cookies or redirects.
 */
public final class HttpWebhookSender implements WebhookSender, AutoCloseable {

    private static final int RESOLVERS = 4;
    private static final int MOST_WAITING = 64;

    /** What the head of an answer may take: lines of 8 KiB, a hundred of them. */
    private static final Http1Config LIMITS = Http1Config.custom()
            .setMaxLineLength(8 << 10)
            .setMaxHeaderCount(100)
            .build();

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private final Destinations destinations;
    private final SSLSocketFactory tls;
    private final Duration timeout;

    /** Looking up a name cannot be broken off, so it has threads of its own. */
    private final ThreadPoolExecutor resolvers = new ThreadPoolExecutor(
            RESOLVERS,
            RESOLVERS,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("webhook-resolver-", 0).factory());

    /** Closes connections whose time is over, whatever they are at. */
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("webhook-deadlines").factory());

    /** @param timeout of a try as a whole */
    public HttpWebhookSender(Destinations destinations, SSLSocketFactory tls, Duration timeout) {
        this.destinations = destinations;
        this.tls = tls;
        this.timeout = timeout;
    }

    @Override
    public void check(WebhookUrl url) throws Destinations.Refused {
        try {
            resolve(url, System.nanoTime() + timeout.toNanos() / 2);
        } catch (UnknownHostException | TimeoutException notKnown) {
            // It is asked again when it is sent to.
        }
    }

    @Override
    public Outcome post(WebhookUrl url, Map<String, String> headers, byte[] body) {
        long end = System.nanoTime() + timeout.toNanos();
        try {
            return post(url, resolve(url, end), request(url, headers, body), end);
        } catch (Destinations.Refused refused) {
            return new Outcome.Failed(refused.why(), false);
        } catch (UnknownHostException unknown) {
            return new Outcome.Failed("The host of the URL is not known.", true);
        } catch (TimeoutException | IOException | HttpException failure) {
            return new Outcome.Failed(words(failure, System.nanoTime() - end >= 0), true);
        }
    }

    private String words(Exception failure, boolean late) {
        if (late || failure instanceof TimeoutException) {
            return "The receiver did not answer within " + timeout.toMillis() + " ms.";
        }
        if (failure instanceof SSLException) {
            return "No secure connection: the receiver's certificate is not trusted, or is for another name.";
        }
        return failure instanceof Unreachable
                ? "The receiver cannot be reached."
                : "The connection broke off, or the answer was not HTTP.";
    }

    /** No address took the connection. */
    private static final class Unreachable extends IOException {}

    private List<InetAddress> resolve(WebhookUrl url, long end)
            throws UnknownHostException, TimeoutException, Destinations.Refused {
        Future<List<InetAddress>> found;
        try {
            found = resolvers.submit(() -> destinations.of(url));
        } catch (RejectedExecutionException full) {
            throw new TimeoutException();
        }
        try {
            return found.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException wrapped) {
            Throwable cause = wrapped.getCause();
            if (cause instanceof Destinations.Refused refused) {
                throw refused;
            }
            if (cause instanceof UnknownHostException unknown) {
                throw unknown;
            }
            throw new IllegalStateException(cause);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new TimeoutException();
        } finally {
            found.cancel(false);
        }
    }

    private Outcome.Answered post(WebhookUrl url, List<InetAddress> addresses, ClassicHttpRequest request, long end)
            throws IOException, HttpException {
        for (InetAddress address : addresses) {
            try (Socket plain = new Socket(Proxy.NO_PROXY)) {
                Future<?> deadline =
                        deadlines.schedule(() -> cut(plain), end - System.nanoTime(), TimeUnit.NANOSECONDS);
                try {
                    if (connect(plain, address, url.port(), end)) {
                        return exchange(url.secure() ? secure(plain, url) : plain, request);
                    }
                } finally {
                    deadline.cancel(false);
                }
            }
        }
        throw new Unreachable();
    }

    private static Outcome.Answered exchange(Socket socket, ClassicHttpRequest request)
            throws IOException, HttpException {
        try (DefaultBHttpClientConnection connection =
                new DefaultBHttpClientConnection(LIMITS, null, null, null, null, null, AnswerParser::new)) {
            connection.bind(socket);
            ClassicHttpResponse response =
                    new HttpRequestExecutor().execute(request, connection, HttpCoreContext.create());
            Header after = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
            return new Outcome.Answered(
                    response.getCode(),
                    new String(beginning(response.getEntity()), StandardCharsets.UTF_8),
                    after != null && SECONDS.matcher(after.getValue()).matches()
                            ? OptionalLong.of(Long.parseLong(after.getValue()))
                            : OptionalLong.empty());
        }
    }

    /**
     * The first {@link #KEPT} bytes of the body. The status says enough, so a body that breaks off is kept as far as it
     * came. The stream stays open, since closing it would read the rest of the body.
     */
    private static byte[] beginning(@Nullable HttpEntity entity) {
        byte[] kept = new byte[KEPT];
        int length = 0;
        if (entity != null) {
            try {
                InputStream in = entity.getContent();
                for (int read = 0; read >= 0 && length < KEPT; read = in.read(kept, length, KEPT - length)) {
                    length += read;
                }
            } catch (IOException brokenOff) {
                // The body is kept as far as it came.
            }
        }
        return Arrays.copyOf(kept, length);
    }

    private static boolean cut(Closeable connection) throws IOException {
        connection.close();
        return true;
    }

    private static boolean connect(Socket socket, InetAddress address, int port, long end) {
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
        try {
            socket.connect(new InetSocketAddress(address, port), (int) millis);
            return true;
        } catch (IOException unreachable) {
            return false;
        }
    }

    private Socket secure(Socket plain, WebhookUrl url) throws IOException {
        SSLSocket socket = (SSLSocket) tls.createSocket(plain, url.host(), url.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static ClassicHttpRequest request(WebhookUrl url, Map<String, String> headers, byte[] body) {
        BasicClassicHttpRequest request = new BasicClassicHttpRequest("POST", url.target());
        request.addHeader(HttpHeaders.HOST, url.authority());
        request.addHeader(HttpHeaders.USER_AGENT, "modelward");
        request.addHeader(HttpHeaders.ACCEPT, "*/*");
        request.addHeader(HttpHeaders.CONNECTION, "close");
        request.addHeader(HttpHeaders.CONTENT_LENGTH, body.length);
        headers.forEach(request::addHeader);
        request.setEntity(new ByteArrayEntity(body, null));
        return request;
    }

    @Override
    public void close() {
        resolvers.shutdownNow();
        deadlines.shutdownNow();
    }
}
