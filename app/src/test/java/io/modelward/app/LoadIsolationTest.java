package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that hash on every core do not hold up an unrelated request. */
class LoadIsolationTest {

    private static final int CHUNK = 1 << 20;

    @TempDir
    Path directory;

    /** A body without end, until told to stop. */
    private static final class Endless extends InputStream {
        private final AtomicBoolean stop;

        private Endless(AtomicBoolean stop) {
            this.stop = stop;
        }

        @Override
        public int read() {
            return stop.get() ? -1 : 7;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (stop.get()) {
                return -1;
            }
            Arrays.fill(into, offset, offset + Math.min(length, CHUNK), (byte) 7);
            return Math.min(length, CHUNK);
        }
    }

    @Test
    void while_uploads_hash_on_every_core_other_requests_are_answered() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (Application application = new Application(
                ConfigurationFile.read(
                        Optional.empty(),
                        Map.of(
                                "server.listen",
                                "127.0.0.1:0",
                                "data.directory",
                                directory.resolve("data").toString())),
                Map.of())) {
            ServerProcess server = ServerProcess.connect(application.address());
            HttpClient http =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            List<CompletableFuture<?>> uploads = new ArrayList<>();
            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                String draft = server.call("POST", "/api/v1/models/default/big/drafts", "{}")
                        .body()
                        .get("id")
                        .asString();
                uploads.add(http.sendAsync(
                        HttpRequest.newBuilder(URI.create(
                                        application.address() + "/api/v1/drafts/" + draft + "/files/model.bin"))
                                .PUT(BodyPublishers.ofInputStream(() -> new Endless(stop)))
                                .build(),
                        BodyHandlers.discarding()));
            }
            TimeUnit.MILLISECONDS.sleep(500);
            List<Long> millis = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                long start = System.nanoTime();
                assertThat(server.call("GET", "/api/v1/models/default/big", null)
                                .status())
                        .isEqualTo(200);
                millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
                TimeUnit.MILLISECONDS.sleep(10);
            }
            // No upload ends by itself: a request that waited for one would never be answered.
            assertThat(uploads).noneMatch(CompletableFuture::isDone);
            stop.set(true);
            CompletableFuture.allOf(uploads.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
            // The machine's cores are all taken, by the senders too, so single requests may be slow.
            assertThat(millis.stream().sorted().toList().get(millis.size() / 2))
                    .as("median of " + millis)
                    .isLessThan(200);
        }
    }
}
