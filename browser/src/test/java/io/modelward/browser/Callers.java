package io.modelward.browser;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/** Callers of an endpoint, who go on until they are closed. Their answers may be errors. */
final class Callers implements AutoCloseable {

    private static final long BETWEEN = 2_000_000;

    private final ExhibitClient client;
    private final String endpoint;
    private final JsonNode rows;
    private final Thread thread;
    private volatile boolean closed;

    Callers(Shared shared, String endpoint) throws IOException {
        client = new ExhibitClient(shared.plain().address());
        this.endpoint = endpoint;
        rows = shared.files().rows();
        thread = Thread.ofVirtual().start(this::call);
    }

    private void call() {
        for (int number = 0; !closed; number++) {
            try {
                client.predict(endpoint, rows.get(number * 37 % rows.size()));
            } catch (IOException refused) {
                // The next call tells whether the endpoint is there again.
            }
            LockSupport.parkNanos(BETWEEN);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
