package io.modelward.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.digest.Digest;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {

    private static final byte[] BYTES = "the model's bytes".getBytes(StandardCharsets.UTF_8);
    private static final ModelName IRIS = ModelName.parse("iris");
    private static final SemVer VERSION = SemVer.parse("1.0.0+build.5");

    private final FakeServer server = new FakeServer();
    private final ModelwardClient client = new ModelwardClient(server.url(), "tester");

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void a_file_arrives_whole_with_its_directories_and_its_progress() throws IOException {
        sends(BYTES);
        List<Long> progress = new ArrayList<>();
        Path target = directory.resolve("a/b/model.bin");
        client.downloadFile(IRIS, VERSION, file("model.bin"), target, progress::add);
        assertThat(target).hasBinaryContent(BYTES);
        assertThat(progress).last().isEqualTo((long) BYTES.length);
        assertThat(names(target.getParent())).containsExactly("model.bin");
    }

    @Test
    void an_empty_file_arrives() throws IOException {
        sends(new byte[0]);
        Path target = directory.resolve("empty");
        FileEntry empty = new FileEntry(FilePath.parse("empty"), 0, Digest.of(new byte[0]));
        client.downloadFile(IRIS, VERSION, empty, target, TransferProgress.NONE);
        assertThat(target).isEmptyFile();
    }

    @Test
    void other_bytes_of_the_same_length_are_thrown_away_and_what_was_there_stays() throws IOException {
        byte[] other = BYTES.clone();
        other[3] ^= 1;
        sends(other);
        Path target = Files.writeString(directory.resolve("model.bin"), "before");
        assertThatThrownBy(() -> client.downloadFile(IRIS, VERSION, file("model.bin"), target, TransferProgress.NONE))
                .isInstanceOf(DamagedDownload.class)
                .hasMessageContaining("model.bin");
        assertThat(target).hasContent("before");
        assertThat(names(directory)).containsExactly("model.bin");
    }

    @Test
    void a_download_that_breaks_off_leaves_nothing_behind() throws Exception {
        try (ServerSocket half = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread sender = Thread.ofPlatform().start(() -> sendHalf(half));
            URI url = URI.create("http://127.0.0.1:" + half.getLocalPort());
            try (ModelwardClient halved = new ModelwardClient(url, "tester")) {
                Path target = directory.resolve("model.bin");
                assertThatThrownBy(() ->
                                halved.downloadFile(IRIS, VERSION, file("model.bin"), target, TransferProgress.NONE))
                        .isInstanceOf(Unreachable.class)
                        .hasMessageContaining("broke off");
                assertThat(names(directory)).isEmpty();
            }
            sender.join();
        }
    }

    @Test
    void a_file_that_is_not_there_is_the_servers_problem() {
        server.answering(_ -> FakeServer.json(404, "{\"type\":\"urn:modelward:problem:not-found\",\"detail\":\"no\"}"));
        assertThatThrownBy(() -> client.downloadFile(
                        IRIS, VERSION, file("model.bin"), directory.resolve("model.bin"), TransferProgress.NONE))
                .isInstanceOf(ApiException.class);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void every_segment_of_a_path_is_percent_encoded_by_itself() throws IOException {
        sends(BYTES);
        client.downloadFile(
                ModelName.parse("team/iris"),
                VERSION,
                file("a b/ü%+?#/^.bin"),
                directory.resolve("x"),
                TransferProgress.NONE);
        assertThat(server.asked().getFirst().target())
                .isEqualTo("/api/v1/models/team/iris/versions/1.0.0%2Bbuild.5/files/a%20b/%C3%BC%25%2B%3F%23/%5E.bin");
    }

    private void sends(byte[] bytes) {
        server.answering(_ -> new FakeServer.Told(200, "application/octet-stream", bytes));
    }

    private static FileEntry file(String path) {
        return new FileEntry(FilePath.parse(path), BYTES.length, Digest.of(BYTES));
    }

    private static void sendHalf(ServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.getInputStream().read(new byte[4096]);
            socket.getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\nContent-Length: " + BYTES.length + "\r\n\r\nthe mod")
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
