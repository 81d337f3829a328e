package io.modelward.server.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.notification.MailAddress;
import io.modelward.core.notification.MessageContent.Mail;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import io.modelward.server.webhook.SelfSigned;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SmtpMailSenderTest {

    private static final MailAddress TO = new MailAddress("team@example.org");
    private static final Mail MAIL = new Mail(
            "[Modelward] Grüße\r\nBcc: everyone@example.org", "The job failed.\n.\nA line of one dot is no end.\n");
    private static final String ID = "11111111-2222-3333-4444-555555555555";

    @TempDir
    static Path directory;

    private static SSLContext context;

    @BeforeAll
    static void certificate() throws Exception {
        context = SelfSigned.context("localhost", directory);
    }

    private static SmtpSettings settings(int port, SmtpSettings.Tls tls, Optional<String> user) {
        return settings("localhost", port, tls, user);
    }

    private static SmtpSettings settings(String host, int port, SmtpSettings.Tls tls, Optional<String> user) {
        return new SmtpSettings(
                host, port, tls, user, user.map(_ -> "p4ssw0rd"), new MailAddress("modelward@example.org"));
    }

    private static Outcome send(SmtpSettings settings, Duration timeout) {
        try (SmtpMailSender sender = new SmtpMailSender(settings, context.getSocketFactory(), timeout)) {
            return sender.send(TO, ID, Instant.ofEpochSecond(1_800_000_000), MAIL);
        }
    }

    private static Outcome send(SmtpSettings settings) {
        return send(settings, Duration.ofSeconds(20));
    }

    private static Outcome.Failed failed(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return (Outcome.Failed) outcome;
    }

    @Test
    void a_mail_is_handed_over_encrypted_and_its_id_says_that_a_second_try_is_the_same_mail() throws Exception {
        try (SmtpServer server = new SmtpServer(context, true)) {
            SmtpSettings settings = settings(server.port(), SmtpSettings.Tls.STARTTLS, Optional.of("modelward"));
            assertThat(send(settings)).isInstanceOf(Outcome.Answered.class).hasFieldOrPropertyWithValue("status", 250);
            assertThat(send(settings)).isInstanceOf(Outcome.Answered.class);

            assertThat(server.mails).hasSize(2);
            assertThat(server.mails.getFirst())
                    .contains("Message-ID: <" + ID + "@example.org>")
                    .contains("To: team@example.org")
                    .contains("Auto-Submitted: auto-generated")
                    .contains("..\n")
                    .doesNotContain("\nBcc:");
            assertThat(server.mails.getLast()).isEqualTo(server.mails.getFirst());
            assertThat(server.lines)
                    .contains("secured MAIL FROM:<modelward@example.org>", "secured RCPT TO:<team@example.org>");
            assertThat(server.lines).noneMatch(line -> line.startsWith("AUTH") || line.startsWith("MAIL"));
        }
        try (SmtpServer server = new SmtpServer(context, false)) {
            assertThat(send(settings(server.port(), SmtpSettings.Tls.TLS, Optional.empty())))
                    .isInstanceOf(Outcome.Answered.class);
            assertThat(server.mails).hasSize(1);
        }
    }

    @Test
    void a_mail_server_that_makes_strangers_wait_is_tried_again_and_one_that_refuses_is_not() throws Exception {
        try (SmtpServer server = new SmtpServer(null, false)) {
            SmtpSettings settings = settings(server.port(), SmtpSettings.Tls.NONE, Optional.empty());
            server.recipientAnswers.add("451 4.7.1 Greylisted, come again");
            assertThat(send(settings))
                    .isEqualTo(new Outcome.Failed(
                            "The mail server refused the mail: 451 4.7.1 Greylisted, come again", true));
            assertThat(server.mails).isEmpty();
            assertThat(send(settings)).isInstanceOf(Outcome.Answered.class);
            assertThat(server.mails).hasSize(1);
            server.recipientAnswers.add("550 5.1.1 No such user");
            assertThat(send(settings))
                    .isEqualTo(new Outcome.Failed("The mail server refused the mail: 550 5.1.1 No such user", false));
        }
    }

    @Test
    void nothing_is_said_over_a_connection_that_is_not_secure() throws Exception {
        try (SmtpServer plain = new SmtpServer(null, false)) {
            assertThat(failed(send(settings(plain.port(), SmtpSettings.Tls.STARTTLS, Optional.of("modelward"))))
                            .again())
                    .isTrue();
            assertThat(plain.lines).noneMatch(line -> line.startsWith("AUTH") || line.startsWith("MAIL"));
        }
        try (SmtpServer server = new SmtpServer(context, true)) {
            Outcome.Failed other = failed(
                    send(settings("127.0.0.1", server.port(), SmtpSettings.Tls.STARTTLS, Optional.of("modelward"))));
            assertThat(other.why()).startsWith("No secure connection");
            assertThat(server.lines).noneMatch(line -> line.contains("AUTH"));
        }
        SSLContext stranger = SelfSigned.context("localhost.example", directory);
        try (SmtpServer server = new SmtpServer(stranger, false)) {
            assertThat(failed(send(settings(server.port(), SmtpSettings.Tls.TLS, Optional.empty())))
                            .why())
                    .startsWith("No secure connection");
        }
    }

    @Test
    void a_wrong_password_is_for_people_to_look_at() throws Exception {
        try (SmtpServer server = new SmtpServer(context, true)) {
            server.login = "535 5.7.8 Wrong";
            Outcome.Failed failed =
                    failed(send(settings(server.port(), SmtpSettings.Tls.STARTTLS, Optional.of("modelward"))));
            assertThat(failed.again()).isFalse();
            assertThat(failed.why()).contains("535").doesNotContain("p4ssw0rd");
        }
    }

    @Test
    void a_mail_server_that_is_silent_or_gone_takes_a_bounded_time() throws Exception {
        try (SmtpServer server = new SmtpServer(null, false)) {
            server.silent = true;
            Outcome.Failed silent = failed(
                    send(settings(server.port(), SmtpSettings.Tls.NONE, Optional.empty()), Duration.ofMillis(300)));
            assertThat(silent.again()).isTrue();
            assertThat(silent.why()).contains("within 300 ms");
        }
        int free;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = closed.getLocalPort();
        }
        assertThat(failed(send(settings(free, SmtpSettings.Tls.NONE, Optional.empty())))
                        .again())
                .isTrue();
    }

    @Test
    void settings_that_cannot_be_meant_stop_the_start() throws Exception {
        Path password = Files.writeString(directory.resolve("password"), "p4ssw0rd\n");
        Map<String, String> good = Map.of(
                "notifications.smtp.host", "mail.example.org",
                "notifications.smtp.from", "modelward@example.org",
                "notifications.smtp.user", "modelward",
                "notifications.smtp.password-file", password.toString());
        SmtpSettings read = SmtpSettings.read(new Configuration(good)).orElseThrow();
        assertThat(read.port()).isEqualTo(587);
        assertThat(read.password()).contains("p4ssw0rd");
        assertThat(read.toString()).doesNotContain("p4ssw0rd");
        for (Map.Entry<String, String> wrong : Map.of(
                        "notifications.smtp.host", "a b",
                        "notifications.smtp.from", "Team <a@b.c>",
                        "notifications.smtp.tls", "none",
                        "notifications.smtp.port", "0",
                        "notifications.smtp.password-file", "/nowhere/at/all",
                        "notifications.smtp.user", "")
                .entrySet()) {
            Map<String, String> values = new java.util.HashMap<>(good);
            values.put(wrong.getKey(), wrong.getValue());
            assertThatThrownBy(() -> SmtpSettings.read(new Configuration(values)))
                    .as("%s", wrong)
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("notifications.smtp.");
        }
    }
}
