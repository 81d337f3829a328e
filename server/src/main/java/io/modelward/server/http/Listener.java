package io.modelward.server.http;

import io.modelward.core.problem.StartRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;

/** A port that this server has: nobody else gets it, and whoever calls waits until an {@link HttpServer} answers. */
public final class Listener implements AutoCloseable {

    private static final int WAITING = 1024;

    private final String host;
    private final ServerSocketChannel channel;

    /**
     * Takes the port.
     *
     * @param port 0 for any free one
     * @throws StartRefused when somebody else has it; for an address that others can reach: there is no access control
     *     yet
     */
    public Listener(String host, int port) {
        requireLoopback(host);
        this.host = host;
        try {
            this.channel = ServerSocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.bind(new InetSocketAddress(InetAddress.getByName(host), port), WAITING);
            } catch (IOException taken) {
                channel.close();
                throw taken;
            }
        } catch (IOException taken) {
            throw new StartRefused("Cannot listen on " + host + ":" + port + ": " + taken.getMessage()
                    + ". Choose another port with --listen; port 0 takes any free one.");
        }
    }

    private static void requireLoopback(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    throw new StartRefused("Refusing to listen on " + host
                            + ": other machines can reach it, and this release has no access control. Listen on 127.0.0.1 and put a proxy"
                            + " that authenticates in front.");
                }
            }
        } catch (UnknownHostException unknown) {
            throw new StartRefused("The address to listen on, " + host + ", is not known.");
        }
    }

    ServerSocketChannel channel() {
        return channel;
    }

    /** Such as {@code http://127.0.0.1:8080}. */
    String address() {
        String written = host.contains(":") ? "[" + host + "]" : host;
        return "http://" + written + ":" + channel.socket().getLocalPort();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
