package io.modelward.client;

import io.modelward.core.json.Json;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Backups that the server makes. Reached through {@link ModelwardClient#backups()}; throws as that does. */
public final class BackupCalls {

    private static final Duration READ = Duration.ofSeconds(60);

    private final Http http;

    BackupCalls(Http http) {
        this.http = http;
    }

    /** {@code {"backup": {…}}}, the last one since the start of the server; without {@code backup} when there is none. */
    public JsonNode last() {
        return http.get(at(), READ).json();
    }

    /**
     * Begins one, and does not wait for it.
     *
     * @param directory an absolute path on the machine of the server; empty: its setting backup.directory
     * @param withoutCatalog when the catalog is in a database
     * @return the backup as it begins, with its {@code number}
     */
    public JsonNode start(Optional<String> directory, boolean withoutCatalog) {
        ObjectNode body = Json.object();
        directory.ifPresent(path -> body.put("directory", path));
        if (withoutCatalog) {
            body.put("catalog", "elsewhere");
        }
        return http.send("POST", at(), body, READ, Map.of()).json();
    }

    private Address at() {
        return Address.of(http.base(), "api", "v1", "backups");
    }
}
