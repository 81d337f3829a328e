package io.modelward.server.http;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Takes connections, and cuts those whose callers are too slow. Thousands of slow callers hold no thread. */
final class CallerConnector extends ServerConnector implements SslHandshakeListener {

    private static final long LOOK_MILLIS = 1_000;
    /**
     * So many who do not take their answers are waited for patiently. A caller who sends further requests meanwhile
     * holds a buffer of 64 KiB outside the heap, of which there is as much as heap.
     */
    private static final int CROWD = 500;

    CallerConnector(Server server, ConnectionFactory... protocols) {
        super(server, protocols);
        addBean(this);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        CallerEndPoint caller = new CallerEndPoint(channel, selector, key, getScheduler());
        caller.setIdleTimeout(getIdleTimeout());
        return caller;
    }

    /** The headers may follow later, as with a browser that connects ahead. */
    @Override
    public void handshakeSucceeded(Event event) {
        CallerEndPoint caller = CallerEndPoint.of(event.getEndPoint());
        if (caller != null) {
            caller.ended();
        }
    }

    /** Begins to look; ends with the scheduler. */
    void watch() {
        getScheduler()
                .schedule(
                        () -> {
                            try {
                                look(System.nanoTime());
                            } finally {
                                watch();
                            }
                        },
                        LOOK_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    void look(long now) {
        int holdingUp = 0;
        for (EndPoint endPoint : getConnectedEndPoints()) {
            if (endPoint instanceof CallerEndPoint caller && caller.holdsUp(now)) {
                holdingUp++;
            }
        }
        for (EndPoint endPoint : getConnectedEndPoints()) {
            if (endPoint instanceof CallerEndPoint caller && caller.tooSlow(now, holdingUp > CROWD)) {
                getExecutor().execute(() -> caller.close(new TimeoutException("the caller is too slow")));
            }
        }
    }
}
