package io.modelward.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.modelward.server.http.HttpRoute;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A part of the server. Its constructor reads its settings and does nothing else, so that wrong settings stop the start
 * before anything is opened. It is opened with the modules that it needs, gives its routes and measures, and closes
 * what it opened.
 */
abstract class Module implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Module.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** Has the part closed with this module; what was opened last is closed first. */
    protected <T extends AutoCloseable> T own(T part) {
        opened.push(part);
        return part;
    }

    /** Adds the ways in that lead to this module. */
    void routes(HttpRoute.Table routes) {}

    /** Adds what this module measures. */
    void measure(MeterRegistry meters) {}

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            AutoCloseable part = opened.pop();
            try {
                part.close();
            } catch (Exception failure) {
                LOG.warn("{} did not close cleanly", part.getClass().getSimpleName(), failure);
            }
        }
    }
}
