package io.modelward.server.api;

import io.modelward.core.access.Action;
import io.modelward.core.backup.BackupStatus;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.registry.backup.BackupService;
import io.modelward.server.http.Body;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Backups of this registry. */
public final class BackupsDoor {

    private static final String ALL = "/api/v1/backups";

    private final BackupService backups;

    public BackupsDoor(BackupService backups) {
        this.backups = backups;
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", ALL, Action.ADMINISTER, _ -> {
            ObjectNode json = Json.object();
            backups.last().ifPresent(last -> json.set("backup", json(last)));
            backups.directory().ifPresent(directory -> json.put("directory", directory.toString()));
            return Reply.ok(json);
        });
        routes.blocking("POST", ALL, Action.ADMINISTER, exchange -> {
            Body body = exchange.body("directory", "catalog", "key_file", "check");
            Optional<String> catalog = body.string("catalog");
            if (catalog.filter(word -> !word.equals("elsewhere")).isPresent()) {
                throw ProblemException.invalid(
                        "catalog", "catalog is elsewhere, or left out. See the guide to backups.");
            }
            BackupService.Wish wish = new BackupService.Wish(
                    body.string("directory"), body.string("key_file"), catalog.isPresent(), body.flag("check"));
            return Reply.of(202, json(backups.start(wish, exchange.actor())));
        });
    }

    private static ObjectNode json(BackupStatus backup) {
        ObjectNode json = Json.object()
                .put("number", backup.number())
                .put("state", backup.state().name().toLowerCase(Locale.ROOT))
                .put("directory", backup.directory())
                .put("encrypted", backup.encrypted())
                .put("actor", backup.actor())
                .put("started_at", backup.startedAt().toString());
        backup.id().ifPresent(id -> json.put("id", id));
        backup.point().ifPresent(point -> json.put("point", point.toString()));
        backup.endedAt().ifPresent(end -> json.put("ended_at", end.toString()));
        json.put("files", backup.files())
                .put("all_files", backup.allFiles())
                .put("copied", backup.copied())
                .put("copied_bytes", backup.copiedBytes())
                .put("unreadable", backup.unreadable());
        return backup.error().isEmpty() ? json : json.put("error", backup.error());
    }
}
