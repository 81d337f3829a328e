package io.modelward.browser;

import static io.modelward.browser.ExhibitClient.part;

import java.util.List;

/** The pages of predictions, the audit log, the server, access, webhooks and the API. */
final class PagesOfRecords {

    private static final String FORM = "a form says what will be done, and the API says nothing of that";
    private static final String OFF = "access control is off, so the page only says how it is turned on";
    private static final String CHANNEL = "/ui/notifications/{channel}";
    private static final String WEBHOOK = "/ui/webhooks/{webhook}";

    private PagesOfRecords() {}

    static List<PageRow> rows() {
        return List.of(
                // Requests of other tests are predictions, too.
                PageRow.of("predictions", "/ui/predictions", "Predictions").changing(),
                PageRow.of(
                        "prediction",
                        "/ui/predictions/{prediction}",
                        exhibit -> prediction(exhibit) + "?verify=true",
                        exhibit -> "Prediction " + exhibit.serving().prediction()),
                PageRow.of("audit", "/ui/audit", "Audit log").changing(),
                PageRow.of("status", "/ui/status", "Status").changing(),
                PageRow.of("verify", "/ui/status/verify", "Verify what is stored")
                        .markingNothing(FORM),
                PageRow.of(
                        "find",
                        "/ui/find",
                        exhibit -> "/ui/find?q=" + part(exhibit.models().iris().substring(0, 3)),
                        exhibit -> "Find"),
                PageRow.of("account", "/ui/account", "Account").markingNothing(OFF),
                PageRow.of("access", "/ui/access", "Access").markingNothing(OFF),
                PageRow.of("make-token", "/ui/account/tokens/new", "Make a token")
                        .markingNothing(FORM),
                PageRow.of("give-role", "/ui/access/grants/new", "Give a role").markingNothing(FORM),
                PageRow.of("disable-user", "/ui/access/users/disable", "Disable a user")
                        .markingNothing(FORM),
                PageRow.of("enable-user", "/ui/access/users/enable", "Enable a user")
                        .markingNothing(FORM),
                PageRow.of("webhooks", "/ui/webhooks", "Webhooks").changing(),
                PageRow.of("make-webhook", "/ui/webhooks/new", "Make a webhook").markingNothing(FORM),
                webhook("test", "Test the webhook "),
                webhook("change", "Change the webhook "),
                webhook("delete", "Delete the webhook "),
                PageRow.of("notifications", "/ui/notifications", "Notifications")
                        .changing(),
                PageRow.of("backups", "/ui/backups", "Backups").markingNothing("no backup was made"),
                PageRow.of("make-backup", "/ui/backups/new", "Make a backup").markingNothing(FORM),
                PageRow.of("make-channel", "/ui/notifications/new", "Make a channel")
                        .markingNothing(FORM),
                PageRow.of(
                                "channel-deliveries",
                                CHANNEL + "/deliveries",
                                _ -> "/ui/notifications/team/deliveries",
                                _ -> "Deliveries to team")
                        .markingNothing("the messages of an exhibit are not the same each time"),
                PageRow.of(
                                "test-channel",
                                CHANNEL + "/test",
                                _ -> "/ui/notifications/team/test",
                                _ -> "Test the channel team")
                        .markingNothing(FORM),
                PageRow.of(
                                "remove-channel",
                                CHANNEL + "/delete",
                                _ -> "/ui/notifications/team/delete",
                                _ -> "Remove the channel team")
                        .markingNothing(FORM),
                PageRow.of("api", "/docs", "API").markingNothing("the page tells of the API itself"));
    }

    private static String prediction(Exhibit exhibit) {
        return "/ui/predictions/" + exhibit.serving().prediction();
    }

    private static PageRow webhook(String word, String title) {
        return PageRow.of(
                        word + "-webhook",
                        WEBHOOK + "/" + word,
                        exhibit -> "/ui/webhooks/"
                                + exhibit.client()
                                        .told("/api/v1/webhooks")
                                        .at("/webhooks/0/id")
                                        .asString("") + "/" + word,
                        exhibit -> title
                                + exhibit.client()
                                        .told("/api/v1/webhooks")
                                        .at("/webhooks/0/name")
                                        .asString(""))
                .markingNothing(FORM);
    }
}
