package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.artifact.ArtifactSeal;
import io.modelward.core.digest.Digest;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What MLflow's clients keep here, seen from outside: seals, a full disk, and files that are larger than the server's
 * heap.
 */
@Tag("process")
class ArtifactsTest {

    private static final String FILES = "/api/2.0/mlflow-artifacts/artifacts/";
    private static final byte[] ONE = "one".getBytes(StandardCharsets.UTF_8);
    private static final long LARGE = 256L << 20;
    private static final String SMALLER_HEAP = "-Xmx128m";

    private static final long MOST_GROWTH = 100 << 10;
    private static final int CHUNK = 1 << 20;

    @TempDir
    Path directory;

    private static void refused(ServerProcess.Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.body().get("error_code").asString()).isEqualTo(code);
    }

    @Test
    void what_is_sealed_answers_409_in_mlflows_form_and_stays() throws Exception {
        try (ServerProcess server = ServerProcess.start(directory, "")) {
            assertThat(server.call("PUT", FILES + "1/r/artifacts/model/MLmodel", ONE)
                            .status())
                    .isEqualTo(200);
        }
        try (SqliteCatalog catalog = SqliteCatalog.open(directory.resolve("data/catalog.sqlite"), Failpoints.NONE)) {
            catalog.write(tx -> {
                tx.artifacts()
                        .seal(new ArtifactSeal(
                                new ArtifactPath("1/r/artifacts/model"), "default/iris ordinal 3", Instant.now()));
                return true;
            });
        }
        try (ServerProcess server = ServerProcess.start(directory, "")) {
            for (String path : new String[] {"model/MLmodel", "model/new", "model"}) {
                ServerProcess.Answer written = server.call("PUT", FILES + "1/r/artifacts/" + path, ONE);
                refused(written, 409, "RESOURCE_CONFLICT");
                assertThat(written.body().get("message").asString())
                        .contains("default/iris ordinal 3", "Log the model again");
                refused(server.call("DELETE", FILES + "1/r/artifacts/" + path, null), 409, "RESOURCE_CONFLICT");
            }
            refused(server.call("DELETE", FILES + "1/r", null), 409, "RESOURCE_CONFLICT");
            assertThat(server.call("PUT", FILES + "1/r/artifacts/other", ONE).status())
                    .isEqualTo(200);
            assertThat(server.get("/api/2.0/mlflow-artifacts/artifacts?path=1/r/artifacts")
                            .get("files"))
                    .hasSize(2);
        }
    }

    @Test
    void a_full_disk_answers_507_and_keeps_nothing() throws Exception {
        // The first start writes, too.
        ServerProcess.start(directory, "").close();
        for (String point : new String[] {"disk.write:1=full", "catalog.before-commit:1=full"}) {
            try (ServerProcess server = ServerProcess.start(directory, "test.failpoints=" + point + "\n")) {
                refused(server.call("PUT", FILES + "full/f", ONE), 507, "RESOURCE_EXHAUSTED");
                assertThat(server.get("/api/2.0/mlflow-artifacts/artifacts?path=full")
                                .size())
                        .isZero();
            }
        }
        try (ServerProcess server = ServerProcess.start(directory, "")) {
            assertThat(server.call("PUT", FILES + "full/f", ONE).status()).isEqualTo(200);
        }
    }

    @Test
    void a_file_larger_than_the_heap_goes_through_in_flat_memory() throws Exception {
        try (ServerProcess server = ServerProcess.start(directory, "", SMALLER_HEAP)) {
            HttpClient http =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            URI file = URI.create(server.address() + FILES + "large/f");
            // What the first transfers load and reserve is there for good; what grows with the file's size would come
            // on top.
            transfer(http, file, 16L << 20);
            long before = resident(server.pid());
            transfer(http, file, LARGE);
            long growth = resident(server.pid()) - before;
            System.out.printf("moved %d MiB in and out: resident memory %+d MiB%n", LARGE >> 20, growth >> 10);
            assertThat(growth).isLessThan(MOST_GROWTH);
        }
    }

    private static void transfer(HttpClient http, URI file, long size) throws Exception {
        HttpRequest put = HttpRequest.newBuilder(file)
                .PUT(BodyPublishers.ofInputStream(() -> new Pattern(size)))
                .build();
        assertThat(http.send(put, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
        HttpRequest get = HttpRequest.newBuilder(file).build();
        try (InputStream in = http.send(get, BodyHandlers.ofInputStream()).body()) {
            assertThat(digest(in)).isEqualTo(digest(new Pattern(size)));
        }
    }

    private static Digest digest(InputStream in) throws Exception {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        byte[] chunk = new byte[CHUNK];
        for (int n = in.read(chunk, 0, CHUNK); n >= 0; n = in.read(chunk, 0, CHUNK)) {
            sha256.update(chunk, 0, n);
        }
        return Digest.ofBytes(sha256.digest());
    }

    /** KiB. */
    private static long resident(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    /** So many bytes. */
    private static final class Pattern extends InputStream {
        private long left;

        private Pattern(long size) {
            this.left = size;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int n = (int) Math.min(Math.min(length, CHUNK), left);
            // Each MiB has a byte of its own, however it is cut.
            int here = (int) Math.min(n, (left - 1) % CHUNK + 1);
            Arrays.fill(into, offset, offset + here, (byte) ((left - 1) / CHUNK));
            left -= here;
            return here;
        }
    }
}
