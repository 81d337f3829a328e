package io.modelward.server.mail;

import io.modelward.core.notification.MailAddress;
import io.modelward.core.notification.MessageContent.Mail;
import io.modelward.core.notification.NoticeText;
import io.modelward.registry.channel.MailSender;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSSLTransport;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/**
 * Hands each mail over on a connection of its own. With TLS the certificate of the mail server must be trusted and be
 * for its name. Answers of 4xx may pass; answers of 5xx are for people to look at.
 */
public final class SmtpMailSender implements MailSender {

    private static final int LONGEST_WORDS = 200;

    private final SmtpSettings settings;
    private final SSLSocketFactory tls;
    private final Duration timeout;

    /** Closes connections whose time is over, whatever they are at. */
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("mail-deadlines").factory());

    /** @param timeout of a try as a whole */
    public SmtpMailSender(SmtpSettings settings, SSLSocketFactory tls, Duration timeout) {
        this.settings = settings;
        this.tls = tls;
        this.timeout = timeout;
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public Outcome send(MailAddress to, String id, Instant written, Mail mail) {
        long end = System.nanoTime() + timeout.toNanos();
        TrySockets sockets = new TrySockets();
        Future<?> deadline = deadlines.schedule(sockets::cut, timeout.toNanos(), TimeUnit.NANOSECONDS);
        boolean secure = settings.tls() == SmtpSettings.Tls.TLS;
        Session session = Session.getInstance(properties(sockets));
        URLName server = new URLName(secure ? "smtps" : "smtp", settings.host(), settings.port(), null, null, null);
        SMTPTransport transport = secure ? new SMTPSSLTransport(session, server) : new SMTPTransport(session, server);
        try {
            MimeMessage message = message(session, to, id, written, mail);
            transport.connect(
                    settings.host(),
                    settings.port(),
                    settings.user().orElse(null),
                    settings.password().orElse(null));
            transport.sendMessage(message, new Address[] {new InternetAddress(to.text())});
            return new Outcome.Answered(transport.getLastReturnCode(), "", OptionalLong.empty());
        } catch (MessagingException failure) {
            return failed(failure, transport, System.nanoTime() - end >= 0);
        } finally {
            deadline.cancel(false);
            sockets.cut();
        }
    }

    private Properties properties(TrySockets sockets) {
        Properties properties = new Properties();
        String millis = Long.toString(timeout.toMillis());
        for (String protocol : new String[] {"mail.smtp.", "mail.smtps."}) {
            properties.put(protocol + "connectiontimeout", millis);
            properties.put(protocol + "timeout", millis);
            properties.put(protocol + "socketFactory", sockets);
            properties.put(protocol + "socketFactory.fallback", "false");
            properties.put(protocol + "ssl.socketFactory", new TrySecureSockets(tls, sockets));
            properties.put(protocol + "ssl.checkserveridentity", "true");
            properties.put(protocol + "localhost", "modelward");
            properties.put(protocol + "auth", Boolean.toString(settings.user().isPresent()));
            properties.put(protocol + "auth.mechanisms", "PLAIN LOGIN");
            // The mail was handed over when the server said so; how the connection ends changes nothing.
            properties.put(protocol + "quitwait", "false");
        }
        boolean starttls = settings.tls() == SmtpSettings.Tls.STARTTLS;
        properties.put("mail.smtp.starttls.enable", Boolean.toString(starttls));
        properties.put("mail.smtp.starttls.required", Boolean.toString(starttls));
        return properties;
    }

    private MimeMessage message(Session session, MailAddress to, String id, Instant written, Mail mail)
            throws MessagingException {
        String domain = settings.from().text().substring(settings.from().text().indexOf('@') + 1);
        MimeMessage message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", "<" + id + "@" + domain + ">");
            }
        };
        message.setFrom(new InternetAddress(settings.from().text()));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(to.text()));
        message.setSubject(NoticeText.line(mail.subject(), 3 * LONGEST_WORDS), StandardCharsets.UTF_8.name());
        message.setText(mail.text(), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(written));
        // So that nobody's holiday answers it.
        message.setHeader("Auto-Submitted", "auto-generated");
        message.saveChanges();
        return message;
    }

    private Outcome failed(MessagingException failure, SMTPTransport transport, boolean late) {
        for (Throwable cause = failure; cause != null; cause = next(cause)) {
            if (cause instanceof SSLException) {
                return new Outcome.Failed(
                        "No secure connection: the mail server's certificate is not trusted, or is for another name.",
                        true);
            }
        }
        if (late) {
            return new Outcome.Failed(
                    "The mail server did not take the mail within " + timeout.toMillis() + " ms.", true);
        }
        int code = code(failure);
        if (failure instanceof AuthenticationFailedException) {
            int answered = transport.getLastReturnCode();
            return new Outcome.Failed(
                    "The mail server does not let this server in: " + said(transport), answered / 100 != 5);
        }
        if (code > 0) {
            return new Outcome.Failed("The mail server refused the mail: " + said(transport), code / 100 != 5);
        }
        if (transport.getLastReturnCode() / 100 == 5 && !(failure.getCause() instanceof IOException)) {
            return new Outcome.Failed("The mail server refused: " + said(transport), false);
        }
        return new Outcome.Failed(
                "The mail server cannot be reached, broke off, or does not offer the TLS that is asked for.", true);
    }

    private static String said(SMTPTransport transport) {
        String answer = transport.getLastServerResponse();
        return NoticeText.line(answer == null ? "" : answer.strip(), LONGEST_WORDS);
    }

    /** The answer to the mail, its sender or its recipient; 0: none. */
    private static int code(MessagingException failure) {
        for (Throwable cause = failure; cause != null; cause = next(cause)) {
            int code = switch (cause) {
                case SMTPAddressFailedException refused -> refused.getReturnCode();
                case SMTPSenderFailedException refused -> refused.getReturnCode();
                case SMTPSendFailedException refused -> refused.getReturnCode();
                default -> 0;
            };
            // What failed for its recipient alone says so further down.
            if (code > 0 && !(next(cause) instanceof MessagingException)) {
                return code;
            }
        }
        return 0;
    }

    private static @Nullable Throwable next(Throwable failure) {
        return failure instanceof MessagingException mail && mail.getNextException() != null
                ? mail.getNextException()
                : failure.getCause();
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
    }
}
