package io.modelward.store.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands between a server and its database, and can lose the answer to a COMMIT: the database has it, the server does
 * not hear of it.
 */
final class Proxy implements AutoCloseable {

    /** How the database says that a transaction is committed. */
    private static final byte[] COMMIT = "COMMIT\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicReference<CountDownLatch> armed = new AtomicReference<>();

    Proxy(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The answer to the next COMMIT is lost and its connection is cut; the latch tells when. */
    CountDownLatch loseNextAnswer() {
        CountDownLatch lost = new CountDownLatch(1);
        armed.set(lost);
        return lost;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(server);
                Thread.ofVirtual().start(() -> copy(client, server, true));
                Thread.ofVirtual().start(() -> copy(server, client, false));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void copy(Socket from, Socket to, boolean asking) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[64 << 10];
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                CountDownLatch lost = !asking && contains(bytes, n) ? armed.getAndSet(null) : null;
                if (lost != null) {
                    lost.countDown();
                    return;
                }
                out.write(bytes, 0, n);
                out.flush();
            }
        } catch (IOException cut) {
            // Both ends are closed.
        }
    }

    private static boolean contains(byte[] bytes, int length) {
        for (int i = 0; i + COMMIT.length <= length; i++) {
            if (java.util.Arrays.equals(bytes, i, i + COMMIT.length, COMMIT, 0, COMMIT.length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
