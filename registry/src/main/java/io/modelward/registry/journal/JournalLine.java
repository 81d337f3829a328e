package io.modelward.registry.journal;

import io.modelward.core.audit.AuditEntry;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * An entry of the audit log in one line for people.
 *
 * @param alarming whether somebody should look
 */
record JournalLine(String text, boolean alarming) {

    /** What was done, as it stands between the one who did it and what it was done to. */
    private static final Map<String, String> VERBS = Map.ofEntries(
            Map.entry("publish", "published"),
            Map.entry("endpoint.create", "created"),
            Map.entry("endpoint.flip", "moved"),
            Map.entry("endpoint.rollback", "rolled back"),
            Map.entry("endpoint.delete", "deleted"),
            Map.entry("model.create", "created"),
            Map.entry("model.delete", "deleted"),
            Map.entry("alias.set", "moved an alias of"),
            Map.entry("version.hold", "held"),
            Map.entry("version.release", "let go of"),
            Map.entry("version.purge", "gave up the files of"),
            Map.entry("retention.set", "set the rule of retention of"),
            Map.entry("retention.remove", "removed the rule of retention of"),
            Map.entry("retention.run", "ran the rule of retention of"),
            Map.entry("gc.run", "began a collection of garbage on"),
            Map.entry("token.create", "made"),
            Map.entry("token.revoke", "revoked"),
            Map.entry("grant.add", "granted a role to"),
            Map.entry("grant.remove", "took a role from"),
            Map.entry("user.disable", "disabled"),
            Map.entry("user.enable", "enabled"),
            Map.entry("login", "logged in and got"),
            Map.entry("session.begin", "logged in and began"),
            Map.entry("logout", "logged out and ended"));

    /** Empty for what another entry tells better. */
    static Optional<JournalLine> of(AuditEntry entry) {
        String action = entry.action();
        if (action.equals("rollout.rollback") || action.equals("rollout.abort")) {
            // The traffic goes back in two steps, and the second one tells both.
            return Optional.empty();
        }
        if (action.startsWith("rollout.")) {
            return Optional.of(rollout(entry));
        }
        String verb = VERBS.getOrDefault(action, "did " + action + " on");
        String version = action.equals("endpoint.delete") ? "" : version(entry);
        String text = entry.change().actor() + " " + verb + " " + subject(entry) + version + reason(entry);
        return Optional.of(new JournalLine(text, action.equals("endpoint.rollback")));
    }

    private static JournalLine rollout(AuditEntry entry) {
        ObjectNode detail = entry.detail();
        String state = detail.path("state").asString("");
        String what = detail.path("what").asString("");
        String id = detail.path("rollout").asString("");
        String text = "rollout " + id + " of " + subject(entry) + version(entry) + ": "
                + entry.action().substring("rollout.".length())
                + (state.isEmpty() ? "" : ", now " + state)
                + (what.isEmpty() ? reason(entry) : ". " + what);
        return new JournalLine(
                text, state.equals("HELD") || state.equals("ROLLED_BACK") || state.equals("LOAD_FAILED"));
    }

    private static String subject(AuditEntry entry) {
        return entry.subject().startsWith("endpoint:")
                ? "endpoint " + entry.subject().substring("endpoint:".length())
                : entry.subject();
    }

    private static String version(AuditEntry entry) {
        String version = entry.detail().path("version").asString("");
        if (version.isEmpty()) {
            return "";
        }
        return entry.subject().startsWith("endpoint:")
                ? (entry.action().equals("endpoint.create") ? " with " : " to ")
                        + entry.detail().path("model").asString("") + "@" + version
                : "@" + version;
    }

    private static String reason(AuditEntry entry) {
        return entry.change().reason().isEmpty() ? "" : ": " + entry.change().reason();
    }
}
