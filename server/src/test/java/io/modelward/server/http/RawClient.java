package io.modelward.server.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One connection, read line by line as it comes. */
final class RawClient implements AutoCloseable {

    private final Socket socket;
    private final BufferedReader in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    static RawClient ask(String address, String method, String path) throws IOException {
        Socket socket = new Socket(
                InetAddress.ofLiteral("127.0.0.1"), URI.create(address).getPort());
        socket.setSoTimeout(20_000);
        String request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new RawClient(socket);
    }

    /** Sends these bytes to the server and reads what comes back. */
    static RawClient send(String address, String request) throws IOException {
        return over(
                new Socket(
                        InetAddress.ofLiteral("127.0.0.1"), URI.create(address).getPort()),
                request);
    }

    /** As {@link #send}, over a connection of the caller's. */
    static RawClient over(Socket socket, String request) throws IOException {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return new RawClient(socket);
    }

    /** Sends more. */
    void more(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The status line and the headers. */
    List<String> head() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            lines.add(line);
        }
        return lines;
    }

    /** The next chunk of a chunked answer; empty at its proper end. */
    String chunk() throws IOException {
        String size = in.readLine();
        // Jetty ends a chunk only when the next one begins.
        if ("".equals(size)) {
            size = in.readLine();
        }
        if (size == null) {
            throw new IOException("cut");
        }
        char[] chunk = new char[Integer.parseInt(size, 16)];
        for (int at = 0; at < chunk.length; ) {
            int read = in.read(chunk, at, chunk.length - at);
            if (read < 0) {
                throw new IOException("cut");
            }
            at += read;
        }
        return new String(chunk);
    }

    /** The next characters. */
    String text(int length) throws IOException {
        char[] text = new char[length];
        for (int at = 0; at < length; ) {
            int read = in.read(text, at, length - at);
            if (read < 0) {
                throw new IOException("cut");
            }
            at += read;
        }
        return new String(text);
    }

    /** Whether something has come that was not read yet, or the end. */
    boolean hasMore() throws IOException {
        return in.ready();
    }

    /** All that comes until the end. A connection that is reset, since more was sent after its end, has ended too. */
    String rest() throws IOException {
        StringBuilder rest = new StringBuilder();
        try {
            for (int c = in.read(); c >= 0; c = in.read()) {
                rest.append((char) c);
            }
        } catch (SocketException reset) {
            // What came before it was read.
        }
        return rest.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
