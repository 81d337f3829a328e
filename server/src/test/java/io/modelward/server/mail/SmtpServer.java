package io.modelward.server.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A mail server as RFC 5321 has it, that greets, refuses and is silent as it is told. */
final class SmtpServer implements AutoCloseable {

    final List<String> lines = new CopyOnWriteArrayList<>();
    final List<String> mails = new CopyOnWriteArrayList<>();
    /** Answers to RCPT TO that are given before it accepts. */
    final Deque<String> recipientAnswers = new ConcurrentLinkedDeque<>();

    volatile String login = "235 2.7.0 Welcome";
    /** Whether it says nothing any more after the greeting. */
    volatile boolean silent;

    private final @Nullable SSLContext tls;
    private final boolean offersStarttls;
    private final ServerSocket socket;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    /** @param offersStarttls otherwise the connection is encrypted at once when there is a context */
    SmtpServer(@Nullable SSLContext tls, boolean offersStarttls) throws IOException {
        this.tls = tls;
        this.offersStarttls = offersStarttls;
        this.socket = tls != null && !offersStarttls
                ? tls.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress())
                : new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket caller = socket.accept();
                open.add(caller);
                Thread.ofVirtual().start(() -> serve(caller));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket caller) {
        try {
            say(caller, "220 mail.example ESMTP");
            talk(caller, false);
        } catch (IOException ended) {
            lines.add("(the caller left)");
        }
    }

    private static void say(Socket caller, String answer) throws IOException {
        OutputStream out = caller.getOutputStream();
        out.write((answer + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private void talk(Socket caller, boolean secured) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(caller.getInputStream(), StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            lines.add((secured ? "secured " : "") + line);
            if (silent) {
                continue;
            }
            String verb = line.split(" ", 2)[0];
            switch (verb) {
                case "EHLO" ->
                    say(
                            caller,
                            offersStarttls && !secured
                                    ? "250-mail.example\r\n250 STARTTLS"
                                    : "250-mail.example\r\n250 AUTH PLAIN");
                case "STARTTLS" -> {
                    say(caller, "220 Go on");
                    SSLSocket secure = (SSLSocket) java.util.Objects.requireNonNull(tls)
                            .getSocketFactory()
                            .createSocket(caller, null, true);
                    secure.setUseClientMode(false);
                    talk(secure, true);
                    return;
                }
                case "AUTH" -> say(caller, login);
                case "MAIL" -> say(caller, "250 2.1.0 Ok");
                case "RCPT" -> {
                    String answer = recipientAnswers.poll();
                    say(caller, answer == null ? "250 2.1.5 Ok" : answer);
                }
                case "DATA" -> {
                    say(caller, "354 Go on");
                    StringBuilder mail = new StringBuilder();
                    for (String part = in.readLine(); part != null && !part.equals("."); part = in.readLine()) {
                        mail.append(part).append('\n');
                    }
                    mails.add(mail.toString());
                    say(caller, "250 2.0.0 Queued");
                }
                case "QUIT" -> {
                    say(caller, "221 Bye");
                    return;
                }
                default -> say(caller, "250 Ok");
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket caller : open) {
            caller.close();
        }
    }
}
