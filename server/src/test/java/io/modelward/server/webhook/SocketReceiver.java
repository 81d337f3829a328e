package io.modelward.server.webhook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A receiver on a plain socket that says exactly what it is told to; without words it keeps silent. */
final class SocketReceiver implements AutoCloseable {

    private static final Pattern LENGTH = Pattern.compile("Content-Length: ([0-9]+)");

    private record Words(byte[] bytes, boolean slowly, boolean holdOpen) {}

    private final ServerSocket server;
    private final LinkedBlockingQueue<Words> answers = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::serve);

    SocketReceiver() throws IOException {
        this(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()));
    }

    SocketReceiver(ServerSocket server) {
        this.server = server;
        thread.start();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                connections.incrementAndGet();
                requests.add(request(socket.getInputStream()));
                Words words = answers.take();
                say(socket.getOutputStream(), words);
                if (words.holdOpen()) {
                    socket.getInputStream().readAllBytes();
                }
            } catch (IOException | InterruptedException gone) {
                // The other side left, or the test is over.
            }
        }
    }

    private static String request(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.write(next);
        }
        Matcher length = LENGTH.matcher(head.toString(StandardCharsets.UTF_8));
        head.write(in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0));
        return head.toString(StandardCharsets.UTF_8);
    }

    private static void say(OutputStream out, Words words) throws IOException, InterruptedException {
        if (words.slowly()) {
            for (byte one : words.bytes()) {
                out.write(one);
                Thread.sleep(50);
            }
        } else {
            out.write(words.bytes());
        }
    }

    void answer(String text) {
        answers.add(new Words(text.getBytes(StandardCharsets.UTF_8), false, false));
    }

    /** Says a byte every 50 ms. */
    void drip(String text) {
        answers.add(new Words(text.getBytes(StandardCharsets.UTF_8), true, false));
    }

    /** Says it and leaves the connection open until the other side closes it. */
    void holdOpen(String text) {
        answers.add(new Words(text.getBytes(StandardCharsets.UTF_8), false, true));
    }

    /** What it got first. */
    String request() {
        return String.valueOf(requests.poll());
    }

    int connections() {
        return connections.get();
    }

    int port() {
        return server.getLocalPort();
    }

    String url() {
        return "http://" + server.getInetAddress().getHostAddress() + ":" + port() + "/";
    }

    /** A thread that waits for a connection may still take one after the socket was closed, so its end is awaited. */
    @Override
    public void close() throws IOException {
        server.close();
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(20));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
