package io.modelward.server.mail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;

/** Makes the sockets of one try, and closes them at its end. */
final class TrySockets extends SocketFactory {

    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    <S extends Socket> S keep(S socket) {
        open.add(socket);
        return socket;
    }

    void cut() {
        for (Socket socket : open) {
            try {
                socket.close();
            } catch (IOException closed) {
                // It is of no use any more, either way.
            }
        }
    }

    @Override
    public Socket createSocket() {
        return keep(new Socket(Proxy.NO_PROXY));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return keep(new Socket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
        return keep(new Socket(host, port, from, fromPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return keep(new Socket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
        return keep(new Socket(host, port, from, fromPort));
    }
}
