package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BackupLineTest {

    private final StringWriter told = new StringWriter();
    private long now;

    private BackupLine line(OptionalInt columns) {
        return new BackupLine(new PrintWriter(told), columns, () -> now);
    }

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void a_terminal_shows_how_far_a_backup_is_at_most_once_a_second() {
        try (BackupLine line = line(OptionalInt.of(80))) {
            line.draw(0, 0, 0);
            for (int i = 1; i <= 20; i++) {
                pass(200);
                line.draw(i, 40, i * 1024L);
            }
        }
        assertThat(told.toString().split("\r\u001b\\[K", -1))
                .containsExactly(
                        "",
                        "Copying the catalog",
                        "5 of 40 files, 5.0 KiB copied",
                        "10 of 40 files, 10.0 KiB copied",
                        "15 of 40 files, 15.0 KiB copied",
                        "20 of 40 files, 20.0 KiB copied",
                        "");
    }

    @Test
    void a_narrow_terminal_has_one_line_and_no_terminal_has_none() {
        try (BackupLine line = line(OptionalInt.of(20))) {
            line.draw(123_456, 1_234_567, 1L << 40);
        }
        assertThat(told.toString().split("\r\u001b\\[K", -1)[1].length()).isLessThanOrEqualTo(20);
        told.getBuffer().setLength(0);
        try (BackupLine line = line(OptionalInt.empty())) {
            line.draw(1, 2, 3);
        }
        assertThat(told.toString()).isEmpty();
    }

    @Test
    void a_program_that_reads_json_gets_the_document_alone() {
        try (FakeServer server = new FakeServer()) {
            server.answering(asked -> asked.method().equals("POST")
                    ? FakeServer.json(202, "{\"number\":1,\"state\":\"running\",\"files\":0,\"all_files\":0}")
                    : FakeServer.json(
                            200,
                            "{\"backup\":{\"number\":1,\"state\":\"done\",\"id\":\"i\",\"files\":1,\"all_files\":1}}"));
            Ran ran = Ran.modelward(
                    server, "backup", "/b", "--json", "--encrypt-with", "/k", "--check", "--catalog-elsewhere");
            assertThat(ran.code()).isZero();
            assertThat(ran.err()).isEmpty();
            assertThat(ran.out()).startsWith("{").contains("\"done\"");
            assertThat(new String(server.asked().getFirst().body(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("{\"directory\":\"/b\",\"key_file\":\"/k\",\"catalog\":\"elsewhere\",\"check\":true}");
        }
    }
}
