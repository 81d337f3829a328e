package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Stored files that changed behind the server's back, as clients of every door see them. */
@Tag("process")
class DamagedDownloadsTest {

    private static final String FILES = "/api/2.0/mlflow-artifacts/artifacts/";
    private static final String MODELS = "/api/v1/models/default/iris";
    private static final int[] SIZES = {1, 5000, 128 * 1024, 128 * 1024 + 1, 3_000_000};
    private static final int CASES = 40;

    @TempDir
    Path directory;

    private final Random random = new Random(11);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<String> versions = new ArrayList<>();

    /** What came of a download: the bytes of one that ended well, or a status, or -1 when the connection was cut. */
    private record Got(int status, byte[] bytes) {}

    private Got get(ServerProcess server, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.address() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            return new Got(response.statusCode(), in.readAllBytes());
        } catch (IOException cut) {
            return new Got(-1, new byte[0]);
        }
    }

    private void put(ServerProcess server, String path, byte[] content) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.address() + path))
                .PUT(BodyPublishers.ofByteArray(content))
                .header("Content-Type", "application/octet-stream")
                .build();
        assertThat(ServerProcess.send(http, request, BodyHandlers.discarding()).statusCode())
                .isEqualTo(200);
    }

    private void publish(ServerProcess server, byte[] content) throws Exception {
        String draft =
                server.call("POST", MODELS + "/drafts", "{}").body().path("id").asString();
        put(server, "/api/v1/drafts/" + draft + "/files/weights.bin", content);
        String version = "1." + versions.size() + ".0";
        ServerProcess.Answer published = server.call(
                "POST",
                "/api/v1/drafts/" + draft + "/publish",
                "{\"version\":\"" + version
                        + "\",\"card\":{\"name\":\"iris\",\"input_schema\":{\"type\":\"array\",\"items\":{\"type\":\"number\"}}}}");
        assertThat(published.status()).as(published.toString()).isEqualTo(201);
        versions.add(version);
    }

    private void damage(Digest blob, int size) throws IOException {
        Path file = directory.resolve("data/blobs/sha256/" + blob.hex().substring(0, 2) + "/"
                + blob.hex().substring(2, 4) + "/" + blob.hex());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (random.nextInt(5) == 0) {
                channel.truncate(random.nextInt(size));
                return;
            }
            long at = random.nextInt(size);
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8)));
            channel.write(one.flip(), at);
        }
    }

    private void damaged(Got got) {
        assertThat(got.status()).isIn(500, -1);
        if (got.status() == 500) {
            assertThat(new String(got.bytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("damaged", "Upload the same content again");
        }
    }

    @Test
    void no_download_of_a_damaged_file_ends_well_by_whatever_door_and_the_same_upload_repairs() throws Exception {
        try (ServerProcess server = ServerProcess.start(directory, "")) {
            for (int i = 0; i < CASES; i++) {
                byte[] content = new byte[SIZES[i % SIZES.length]];
                random.nextBytes(content);
                content[0] = (byte) i;
                Digest blob = Digest.of(content);
                boolean mlflow = random.nextBoolean();
                if (mlflow) {
                    put(server, FILES + "1/f" + i, content);
                } else {
                    publish(server, content);
                }
                String path =
                        mlflow ? FILES + "1/f" + i : MODELS + "/versions/" + versions.getLast() + "/files/weights.bin";
                String etag = "\"" + blob + "\"";
                if (random.nextBoolean()) {
                    assertThat(get(server, path).bytes()).isEqualTo(content);
                    check(server, path, content, true);
                }

                damage(blob, content.length);
                for (int ask = 0; ask < 3; ask++) {
                    check(server, path, content, false);
                }
                damaged(get(server, path));
                // From now on it is known, and said before anything is sent; who has the file may go on using it.
                assertThat(get(server, path).status()).isEqualTo(500);
                assertThat(get(server, path, "Range", "bytes=0-0").status()).isEqualTo(500);
                assertThat(get(server, path, "If-None-Match", etag).status()).isEqualTo(304);
                JsonNode found = server.call("POST", "/api/v1/verify", "{}").body();
                assertThat(found.get("intact").booleanValue()).isFalse();
                assertThat(found.get("damaged").toString()).contains(mlflow ? "1/f" + i : versions.getLast());

                // Repaired by any door, as any file.
                if (random.nextBoolean()) {
                    put(server, FILES + "2/g" + i, content);
                } else {
                    publish(server, content);
                }
                check(server, path, content, true);
                assertThat(get(server, path).bytes()).isEqualTo(content);
                found = server.call("POST", "/api/v1/verify", "{}").body();
                assertThat(found.get("intact").booleanValue())
                        .as(found.toString())
                        .isTrue();
            }
        }
    }

    /** Asks for the whole or a range: what ends well is right, and a right file ends well. */
    private void check(ServerProcess server, String path, byte[] content, boolean right) throws Exception {
        int from = random.nextInt(content.length);
        int to = from + random.nextInt(content.length - from);
        Got got = get(server, path, "Range", "bytes=" + from + "-" + to);
        if (right || got.status() == 206) {
            assertThat(got.status()).isEqualTo(206);
            assertThat(got.bytes()).isEqualTo(Arrays.copyOfRange(content, from, to + 1));
        } else {
            damaged(got);
        }
    }
}
