package io.modelward.app;

import io.modelward.runtime.RuntimeSettings;
import java.nio.file.Path;
import java.util.Set;

/**
 * All that can be configured, one record per part.
 *
 * @param failpoints a script for crash tests; empty in production
 */
public record Settings(
        Server server,
        Data data,
        RuntimeSettings runtime,
        Predictions predictions,
        Webhooks webhooks,
        String failpoints) {

    /**
     * The HTTP server.
     *
     * @param host the address to listen on
     * @param port 0 for any free one
     * @param hosts names it answers to besides those of this machine
     */
    public record Server(String host, int port, Set<String> hosts) {}

    /** Where everything is kept. */
    public record Data(Path directory) {}

    /**
     * Webhooks.
     *
     * @param allowPrivate whether they may go to addresses of this machine and its network
     */
    public record Webhooks(boolean allowPrivate) {}

    /**
     * The prediction log.
     *
     * @param segmentRecords decision records per segment file, 256 bytes each
     */
    public record Predictions(int segmentRecords) {}
}
