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

    /**
     * What a backup is asked for with. Paths are absolute paths on the machine of the server.
     *
     * @param directory empty: the setting backup.directory of the server
     * @param keyFile the file of the key to encrypt with; empty: the setting backup.key-file of the server
     * @param withoutCatalog when the catalog is in a database
     * @param check reads what earlier backups have, and copies again what is damaged there
     */
    public record Wish(Optional<String> directory, Optional<String> keyFile, boolean withoutCatalog, boolean check) {}

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
     * @return the backup as it begins, with its {@code number}
     */
    public JsonNode start(Wish wish) {
        ObjectNode body = Json.object();
        wish.directory().ifPresent(path -> body.put("directory", path));
        wish.keyFile().ifPresent(path -> body.put("key_file", path));
        if (wish.withoutCatalog()) {
            body.put("catalog", "elsewhere");
        }
        if (wish.check()) {
            body.put("check", true);
        }
        return http.send("POST", at(), body, READ, Map.of()).json();
    }

    private Address at() {
        return Address.of(http.base(), "api", "v1", "backups");
    }
}
