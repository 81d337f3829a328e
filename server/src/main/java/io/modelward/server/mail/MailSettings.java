package io.modelward.server.mail;

import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import io.modelward.registry.channel.MailSender;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;

/**
 * What an operator sets about notifications.
 *
 * @param address of the server as people reach it, without a slash at the end; empty when it is not set
 */
public record MailSettings(Optional<SmtpSettings> smtp, String address) {

    private static final String ADDRESS = "notifications.url";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** @throws StartRefused with a sentence for the operator */
    public static MailSettings read(Configuration configuration) {
        return new MailSettings(
                SmtpSettings.read(configuration),
                configuration.text(ADDRESS).map(MailSettings::address).orElse(""));
    }

    private static String address(String text) {
        try {
            URI url = new URI(text);
            if (url.getHost() != null
                    && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                    && url.getUserInfo() == null
                    && url.getQuery() == null
                    && url.getFragment() == null) {
                return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
            }
        } catch (URISyntaxException malformed) {
            // Answered below.
        }
        throw new StartRefused(ADDRESS + " is the address under which people reach this server, such as"
                + " https://models.example.org.");
    }

    /** What sends the mails. */
    public MailSender open() {
        return smtp.<MailSender>map(settings ->
                        new SmtpMailSender(settings, (SSLSocketFactory) SSLSocketFactory.getDefault(), TIMEOUT))
                .orElse(MailSender.NONE);
    }
}
