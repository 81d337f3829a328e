package io.modelward.server.webhook;

import io.modelward.core.webhook.WebhookUrl;
import io.modelward.registry.webhook.Destinations;
import io.modelward.registry.webhook.WebhookSender;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Posts over a connection of its own to an address that {@link Destinations} let through, one request per connection. HTTP clients resolve names by themselves, a second time;
 * this one connects to what was checked, while the header {@code Host} and the name in the certificate stay the URL's. It knows no proxies, cookies or redirects.
 */
public final class HttpWebhookSender implements WebhookSender, AutoCloseable {

    private static final int RESOLVERS = 4;
    private static final int MOST_WAITING = 64;

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
            Answer answer = post(url, resolve(url, end), request(url, headers, body), end);
            String after = answer.headers().getOrDefault("retry-after", "");
            return new Outcome.Answered(
                    answer.status(),
                    new String(answer.body(), StandardCharsets.UTF_8),
                    after.matches("[0-9]{1,9}") ? OptionalLong.of(Long.parseLong(after)) : OptionalLong.empty());
        } catch (Destinations.Refused refused) {
            return new Outcome.Failed(refused.why(), false);
        } catch (UnknownHostException unknown) {
            return new Outcome.Failed("The host of the URL is not known.", true);
        } catch (TimeoutException | IOException failure) {
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

    private Answer post(WebhookUrl url, List<InetAddress> addresses, byte[] request, long end) throws IOException {
        for (InetAddress address : addresses) {
            try (Socket plain = new Socket(Proxy.NO_PROXY)) {
                Future<?> deadline =
                        deadlines.schedule(() -> cut(plain), end - System.nanoTime(), TimeUnit.NANOSECONDS);
                try {
                    if (connect(plain, address, url.port(), end)) {
                        Socket socket = url.secure() ? secure(plain, url) : plain;
                        OutputStream out = socket.getOutputStream();
                        out.write(request);
                        out.flush();
                        return Answer.read(new BufferedInputStream(socket.getInputStream()), KEPT);
                    }
                } finally {
                    deadline.cancel(false);
                }
            }
        }
        throw new Unreachable();
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

    private static byte[] request(WebhookUrl url, Map<String, String> headers, byte[] body) {
        StringBuilder head = new StringBuilder("POST " + url.target() + " HTTP/1.1\r\nHost: " + url.authority()
                + "\r\nUser-Agent: modelward\r\nAccept: */*\r\nConnection: close\r\nContent-Length: " + body.length
                + "\r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(body);
        return request.toByteArray();
    }

    @Override
    public void close() {
        resolvers.shutdownNow();
        deadlines.shutdownNow();
    }
}
