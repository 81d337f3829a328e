package io.modelward.server.http;

import io.modelward.core.problem.StartRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.util.List;

/** A port that this server has: nobody else gets it, and whoever calls waits until an {@link HttpServer} answers. */
public final class Listener implements AutoCloseable {

    private static final int WAITING = 1024;

    private final String host;
    private final ServerSocketChannel channel;

    /** Takes a port of this machine, which no other machine can reach. */
    public Listener(String host, int port) {
        this(host, port, List.of("up the server for a network"));
    }

    /**
     * Takes the port.
     *
     * @param port 0 for any free one
     * @param missing what must be set before other machines may reach the server, in words; while there is anything,
     *     the address is one of this machine
     * @throws StartRefused when somebody else has the port, or something is missing
     */
    public Listener(String host, int port, List<String> missing) {
        if (!missing.isEmpty()) {
            requireLoopback(host, missing);
        }
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

    private static void requireLoopback(String host, List<String> missing) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    throw new StartRefused("Refusing to listen on " + host + ": other machines can reach it. Set "
                            + String.join(", and ", missing) + "; or listen on 127.0.0.1.");
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
    String address(boolean tls) {
        String written = host.contains(":") ? "[" + host + "]" : host;
        return (tls ? "https://" : "http://") + written + ":" + channel.socket().getLocalPort();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
