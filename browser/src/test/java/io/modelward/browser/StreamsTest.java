package io.modelward.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many browsers that look at one rollout. */
@Tag("process")
@ExtendWith(Shared.class)
class StreamsTest {

    private static final int STREAMS = 200;
    private static final int MESSAGES = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A stream of events, read until it is closed. */
    private static final class Listener {
        private final AtomicInteger messages = new AtomicInteger();
        private final CountDownLatch enough = new CountDownLatch(MESSAGES);
        private final InputStream body;
        private final long begin = System.nanoTime();

        private Listener(InputStream body, Set<String> different) {
            this.body = body;
            Thread.ofVirtual().start(() -> listen(different));
        }

        private void listen(Set<String> different) {
            try (var lines = new java.io.BufferedReader(new java.io.InputStreamReader(body, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("data:")) {
                        different.add(line);
                        messages.incrementAndGet();
                        enough.countDown();
                    }
                }
            } catch (IOException closed) {
                // The test has read enough.
            }
        }
    }

    @Test
    void two_hundred_streams_get_a_message_a_second_at_most_and_a_part_is_rendered_once_for_all(Shared shared)
            throws Exception {
        Exhibit exhibit = shared.plain();
        HttpRequest request = HttpRequest.newBuilder(URI.create(exhibit.address() + "/ui/events?topic=rollout:"
                        + exhibit.serving().atWork()))
                .build();
        Set<String> different = ConcurrentHashMap.newKeySet();
        List<Listener> listeners = new ArrayList<>();
        long begin = System.nanoTime();
        try (HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                Callers _ = new Callers(shared, ExhibitServing.AT_WORK)) {
            try {
                for (int number = 0; number < STREAMS; number++) {
                    HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
                    assertThat(answer.statusCode()).isEqualTo(200);
                    listeners.add(new Listener(answer.body(), different));
                }
                for (Listener listener : listeners) {
                    assertThat(listener.enough.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .as("each stream has its messages")
                            .isTrue();
                }
                for (Listener listener : listeners) {
                    int messages = listener.messages.get();
                    assertThat(messages).as("messages of a stream").isLessThanOrEqualTo(2 + seconds(listener.begin));
                }
            } finally {
                for (Listener listener : listeners) {
                    listener.body.close();
                }
            }
            // A part is rendered anew after 0.9 seconds, and once for all.
            assertThat(different)
                    .as("renderings, of which the streams got " + STREAMS * MESSAGES + " and more")
                    .hasSizeLessThanOrEqualTo((int) (seconds(begin) / 0.9) + 2);
        }
    }

    private static int seconds(long begin) {
        return (int) Duration.ofNanos(System.nanoTime() - begin).toSeconds();
    }
}
