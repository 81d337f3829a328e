package io.modelward.server.mail;

import io.modelward.core.notification.MailAddress;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The mail server that mails are handed to, and as whom.
 *
 * @param password with the user; both or none
 */
public record SmtpSettings(
        String host, int port, Tls tls, Optional<String> user, Optional<String> password, MailAddress from) {

    /** How the connection is kept from others. */
    public enum Tls {
        /** It begins in the open and goes on encrypted, or ends. */
        STARTTLS(587),
        /** It is encrypted from the first byte. */
        TLS(465),
        /** It is never encrypted: for a mail server on the same machine. */
        NONE(25);

        private final int port;

        Tls(int port) {
            this.port = port;
        }

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String PREFIX = "notifications.smtp.";
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?");
    private static final int LONGEST_PASSWORD = 4096;

    /**
     * Reads the settings; empty when no host is named.
     *
     * @throws StartRefused with a sentence for the operator
     */
    public static Optional<SmtpSettings> read(Configuration configuration) {
        Optional<String> host = configuration.text(PREFIX + "host");
        Tls tls = configuration.text(PREFIX + "tls").map(SmtpSettings::tls).orElse(Tls.STARTTLS);
        int port = configuration.number(PREFIX + "port", tls.port, 1, 65_535);
        Optional<String> user = configuration.text(PREFIX + "user");
        Optional<Path> file = configuration.text(PREFIX + "password-file").map(Path::of);
        Optional<String> from = configuration.text(PREFIX + "from");
        if (host.isEmpty()) {
            if (user.isPresent() || file.isPresent() || from.isPresent()) {
                throw new StartRefused(PREFIX + "host names the mail server that the other " + PREFIX
                        + "… settings are for. Set it, or remove them.");
            }
            return Optional.empty();
        }
        if (!HOST.matcher(host.get()).matches()) {
            throw new StartRefused(PREFIX + "host is the name of a machine or its address.");
        }
        if (from.isEmpty()) {
            throw new StartRefused(PREFIX + "from is needed: the mail address that mails are from.");
        }
        if (user.isPresent() != file.isPresent()) {
            throw new StartRefused(PREFIX + "user and " + PREFIX + "password-file are set together, or not at all.");
        }
        if (user.isPresent() && tls == Tls.NONE) {
            throw new StartRefused(
                    PREFIX + "user needs " + PREFIX + "tls = starttls or tls: a password is not sent in the open.");
        }
        return Optional.of(
                new SmtpSettings(host.get(), port, tls, user, file.map(SmtpSettings::password), address(from.get())));
    }

    private static Tls tls(String text) {
        return Arrays.stream(Tls.values())
                .filter(tls -> tls.label().equals(text))
                .findFirst()
                .orElseThrow(() -> new StartRefused(PREFIX + "tls is one of "
                        + Arrays.stream(Tls.values()).map(Tls::label).collect(Collectors.joining(", ")) + "."));
    }

    private static MailAddress address(String text) {
        try {
            return MailAddress.parse(text, PREFIX + "from");
        } catch (ProblemException malformed) {
            throw new StartRefused(malformed.problem().detail());
        }
    }

    private static String password(Path file) {
        try {
            String password = Files.readString(file).strip();
            if (password.isEmpty() || password.length() > LONGEST_PASSWORD) {
                throw new StartRefused(PREFIX + "password-file has the password alone, on one line.");
            }
            return password;
        } catch (IOException unreadable) {
            throw new StartRefused(PREFIX + "password-file cannot be read: " + file + ".");
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "SmtpSettings[" + host + ":" + port + " " + tls + " from " + from.text() + "]";
    }
}
