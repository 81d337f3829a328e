package io.modelward.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.webhook.WebhookUrl;
import io.modelward.registry.webhook.Destinations;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ResourceLock("threads of HttpWebhookSender")
class HttpWebhookSenderTest {

    /** For receivers who do not answer. */
    private static final Duration TIMEOUT = Duration.ofMillis(1500);
    /** For all others: work beside these tests may hold up a try for seconds. */
    private static final Duration PATIENT = Duration.ofSeconds(20);

    private static final byte[] BODY = "{\"é\":1}".getBytes(StandardCharsets.UTF_8);
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private SocketReceiver receiver;

    @BeforeEach
    void open() throws Exception {
        receiver = new SocketReceiver();
    }

    @AfterEach
    void close() throws Exception {
        receiver.close();
    }

    private static Outcome post(Destinations.Resolver resolver, boolean allowPrivate, String url) {
        return post(resolver, allowPrivate, url, PATIENT);
    }

    private static Outcome post(Destinations.Resolver resolver, boolean allowPrivate, String url, Duration timeout) {
        try (HttpWebhookSender sender = new HttpWebhookSender(
                new Destinations(resolver, allowPrivate), (SSLSocketFactory) SSLSocketFactory.getDefault(), timeout)) {
            return sender.post(WebhookUrl.parse(url), Map.of("X-Some", "thing"), BODY);
        }
    }

    private Outcome post(String answer) {
        receiver.answer(answer);
        return post(InetAddress::getAllByName, true, receiver.url());
    }

    private static Outcome answered(int status, String body) {
        return new Outcome.Answered(status, body, OptionalLong.empty());
    }

    @Test
    void a_request_is_whole_and_its_host_is_the_urls() {
        receiver.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        String url = "http://hooks.example:" + receiver.port() + "/in?a=1";
        assertThat(post(host -> new InetAddress[] {HERE}, true, url)).isEqualTo(answered(200, "ok"));
        assertThat(receiver.request())
                .isEqualTo("POST /in?a=1 HTTP/1.1\r\nHost: hooks.example:" + receiver.port()
                        + "\r\nUser-Agent: modelward\r\nAccept: */*\r\nConnection:"
                        + " close\r\nContent-Length: 8\r\nX-Some: thing\r\n\r\n{\"é\":1}");
    }

    @Test
    void answers_are_read_in_each_form_of_a_body() {
        assertThat(post("HTTP/1.1 204 Nothing\r\n\r\n")).isEqualTo(answered(204, ""));
        assertThat(post("HTTP/1.0 500 \r\n\r\nup to the end")).isEqualTo(answered(500, "up to the end"));
        assertThat(post("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding:"
                        + " chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"))
                .isEqualTo(answered(200, "abcde"));
        assertThat(post("HTTP/1.1 429 Slow\nRetry-After: 7\n\n"))
                .isEqualTo(new Outcome.Answered(429, "", OptionalLong.of(7)));
        assertThat(post("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbroken off"))
                .isEqualTo(answered(200, "broken off"));
    }

    @Test
    void a_redirect_is_not_followed() throws Exception {
        try (SocketReceiver inner = new SocketReceiver()) {
            assertThat(post("HTTP/1.1 302 Found\r\nLocation: " + inner.url() + "\r\nContent-Length: 0\r\n\r\n"))
                    .isEqualTo(answered(302, ""));
            assertThat(inner.connections()).isZero();
        }
    }

    @Test
    void of_a_large_answer_only_the_beginning_is_read() {
        Outcome outcome = post("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(10 << 20));
        assertThat(outcome).isEqualTo(answered(200, "x".repeat(1024)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000000", "Transfer-Encoding: chunked\r\n\r\n800"})
    void an_answer_without_end_is_left_after_its_beginning(String form) {
        receiver.holdOpen(
                "HTTP/1.1 200 OK\r\n" + form + (form.startsWith("C") ? "\r\n\r\n" : "\r\n") + "x".repeat(2000));
        long start = System.nanoTime();
        assertThat(post(InetAddress::getAllByName, true, receiver.url())).isEqualTo(answered(200, "x".repeat(1024)));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENT);
    }

    @Test
    void the_path_of_a_url_is_sent_as_it_is_written() {
        receiver.answer("HTTP/1.1 204 Nothing\r\n\r\n");
        post(InetAddress::getAllByName, true, receiver.url() + "/a/../[b]%zz//?c=/../d?e");
        assertThat(receiver.request()).startsWith("POST //a/../[b]%zz//?c=/../d?e HTTP/1.1\r\n");
    }

    @Test
    void a_body_larger_than_any_buffer_arrives_whole() {
        receiver.answer("HTTP/1.1 204 Nothing\r\n\r\n");
        byte[] large = "y".repeat(3 << 20).getBytes(StandardCharsets.UTF_8);
        try (HttpWebhookSender sender = new HttpWebhookSender(
                new Destinations(InetAddress::getAllByName, true),
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                PATIENT)) {
            assertThat(sender.post(WebhookUrl.parse(receiver.url()), Map.of(), large))
                    .isEqualTo(answered(204, ""));
        }
        assertThat(receiver.request()).endsWith("\r\n\r\n" + "y".repeat(3 << 20));
    }

    @Test
    void a_sender_has_no_threads_before_its_first_post() {
        Set<Thread> before = threads();
        try (HttpWebhookSender sender = new HttpWebhookSender(
                new Destinations(InetAddress::getAllByName, true),
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                PATIENT)) {
            assertThat(before).containsAll(threads());
            receiver.answer("HTTP/1.1 204 Nothing\r\n\r\n");
            sender.post(WebhookUrl.parse(receiver.url()), Map.of(), BODY);
            assertThat(threads()).filteredOn(thread -> !before.contains(thread)).hasSize(2);
        }
    }

    /** The threads of senders that live: a sender that was closed before may still be ending its own. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("webhook-"))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-hello\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 600 OK\r\n\r\n",
                "HTTP/1.1 099 OK\r\n\r\n",
                "HTTP/1.1 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: y",
                "",
                "{}\n"
            })
    void what_is_no_answer_is_a_failure(String answer) {
        assertThat(post(answer))
                .isEqualTo(new Outcome.Failed("The connection broke off, or the answer was not HTTP.", true));
    }

    @Test
    void a_head_without_end_is_a_failure() {
        assertThat(post("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(100_000))).isInstanceOf(Outcome.Failed.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_receiver_that_is_slow_or_drips_is_left_in_time(boolean drips) {
        if (drips) {
            receiver.drip("HTTP/1.1 200 OK\r\nX: " + "y".repeat(1000));
        }
        long start = System.nanoTime();
        Outcome outcome = post(InetAddress::getAllByName, true, receiver.url(), TIMEOUT);
        assertThat(outcome).isEqualTo(new Outcome.Failed("The receiver did not answer within 1500 ms.", true));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(TIMEOUT, TIMEOUT.multipliedBy(6));
    }

    @Test
    void a_name_that_is_long_in_coming_is_not_waited_for() {
        long start = System.nanoTime();
        Outcome outcome = post(
                host -> {
                    try {
                        Thread.sleep(20_000);
                    } catch (InterruptedException stopped) {
                        throw new UnknownHostException();
                    }
                    return new InetAddress[] {HERE};
                },
                true,
                "http://hooks.example/",
                TIMEOUT);
        assertThat(outcome).isEqualTo(new Outcome.Failed("The receiver did not answer within 1500 ms.", true));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.multipliedBy(6));
    }

    @Test
    void nobody_there_and_no_such_name_are_tried_again() throws Exception {
        // Nobody listens here, and nobody else can take the port.
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(HERE, 0));
            String url = "http://" + HERE.getHostAddress() + ":" + bound.getLocalPort() + "/";
            assertThat(post(InetAddress::getAllByName, true, url))
                    .isEqualTo(new Outcome.Failed("The receiver cannot be reached.", true));
        }
        Destinations.Resolver none = host -> {
            throw new UnknownHostException(host);
        };
        assertThat(post(none, true, "http://hooks.example/"))
                .isEqualTo(new Outcome.Failed("The host of the URL is not known.", true));
    }

    @Test
    void a_private_address_is_not_connected_to() throws Exception {
        assertThat(post(InetAddress::getAllByName, false, receiver.url()))
                .isEqualTo(new Outcome.Failed("The host of the URL has an address that is not public.", false));
        String named = "http://hooks.example:" + receiver.port() + "/";
        assertThat(post(host -> new InetAddress[] {HERE}, false, named)).isInstanceOf(Outcome.Failed.class);
        Thread.sleep(200);
        assertThat(receiver.connections()).isZero();
    }

    @Test
    void a_name_is_looked_up_once_and_what_was_checked_is_connected_to() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        // Somewhere else at first, then this machine: what a name that is bound anew does between check and use.
        Destinations.Resolver rebinding =
                host -> new InetAddress[] {asked.getAndIncrement() == 0 ? InetAddress.ofLiteral("192.0.0.170") : HERE};
        Outcome outcome = post(rebinding, true, "http://hooks.example:" + receiver.port() + "/", TIMEOUT);
        assertThat(asked).hasValue(1);
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        Thread.sleep(200);
        assertThat(receiver.connections()).isZero();
    }

    @Test
    void a_check_refuses_what_is_private_and_lets_pass_what_is_not_known() throws Exception {
        Destinations.Resolver names = host -> {
            if (host.equals("localhost")) {
                return new InetAddress[] {HERE};
            }
            throw new UnknownHostException(host);
        };
        try (HttpWebhookSender sender = new HttpWebhookSender(
                new Destinations(names, false), (SSLSocketFactory) SSLSocketFactory.getDefault(), PATIENT)) {
            sender.check(WebhookUrl.parse("https://no-such-name.invalid/"));
            assertThatThrownBy(() -> sender.check(WebhookUrl.parse("https://localhost/")))
                    .isInstanceOf(Destinations.Refused.class);
        }
    }
}
