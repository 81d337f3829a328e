package io.modelward.pages.account;

import io.modelward.core.access.Action;
import io.modelward.core.backup.BackupStatus;
import io.modelward.pages.frame.ActionForm;
import io.modelward.pages.frame.Actions;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.registry.backup.BackupService;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import java.nio.file.Path;
import java.util.Optional;

/** Backups: how the last one went, and a new one. */
public final class BackupPages {

    private static final String BACKUPS = "/ui/backups";
    private static final String NEW = BACKUPS + "/new";

    private final PageSender pages;
    private final BackupService backups;

    public BackupPages(PageSender pages, BackupService backups) {
        this.pages = pages;
        this.backups = backups;
    }

    /**
     * The last backup.
     *
     * @param directory where backups go by default; empty without the setting
     */
    public record BackupsView(Optional<BackupStatus> last, Optional<String> directory) {}

    public void open(HttpRoute.Table routes, Actions actions) {
        routes.blocking(
                "GET",
                BACKUPS,
                Action.ADMINISTER,
                exchange -> pages.page(
                        exchange,
                        Section.NONE,
                        "Backups",
                        "backups",
                        new BackupsView(backups.last(), backups.directory().map(Path::toString))));
        actions.open(routes, NEW, Action.ADMINISTER, this::form, (exchange, _) -> {
            BackupStatus _ = backups.start(BackupService.Wish.usual(false), exchange.actor());
            return BACKUPS;
        });
    }

    private ActionForm form(Exchange exchange) {
        String where = backups.directory().map(Path::toString).orElse("");
        return ActionForm.of(Section.NONE, "Make a backup", NEW, "Back up now", BACKUPS)
                .saying(
                        where.isEmpty()
                                ? "The server has no setting backup.directory, so that it does not know where to. Ask with"
                                        + " modelward backup DIR."
                                : "The server copies what is new into " + where + ". It goes on serving meanwhile.");
    }
}
