package io.modelward.registry.channel;

import io.modelward.core.notification.MailAddress;
import io.modelward.core.notification.MessageContent.Mail;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import java.time.Instant;

/** Hands mails to a mail server. Blocking, for a bounded time; may be called from any number of threads. */
public interface MailSender extends AutoCloseable {

    /** A server that was told of no mail server. */
    MailSender NONE = new MailSender() {
        @Override
        public boolean ready() {
            return false;
        }

        @Override
        public Outcome send(MailAddress to, String id, Instant written, Mail mail) {
            return new Outcome.Failed(
                    "This server sends no mails, since an operator has not set notifications.smtp.host.", false);
        }
    };

    /** Whether the operator named a mail server. */
    boolean ready();

    /**
     * Hands over one mail.
     *
     * @param id of the message; its header Message-ID is made of it, so that tries of one message can be recognised
     * @param written the date of the mail
     */
    Outcome send(MailAddress to, String id, Instant written, Mail mail);

    @Override
    default void close() {}
}
