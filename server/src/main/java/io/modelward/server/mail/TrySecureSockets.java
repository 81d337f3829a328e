package io.modelward.server.mail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;

/** Makes the encrypted sockets of one try. */
final class TrySecureSockets extends SSLSocketFactory {

    private final SSLSocketFactory tls;
    private final TrySockets sockets;

    TrySecureSockets(SSLSocketFactory tls, TrySockets sockets) {
        this.tls = tls;
        this.sockets = sockets;
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return tls.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return tls.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket() throws IOException {
        return sockets.keep(tls.createSocket());
    }

    @Override
    public Socket createSocket(Socket over, String host, int port, boolean close) throws IOException {
        return sockets.keep(tls.createSocket(over, host, port, close));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return sockets.keep(tls.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
        return sockets.keep(tls.createSocket(host, port, from, fromPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return sockets.keep(tls.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
        return sockets.keep(tls.createSocket(host, port, from, fromPort));
    }
}
