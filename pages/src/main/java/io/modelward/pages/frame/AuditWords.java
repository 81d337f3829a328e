package io.modelward.pages.frame;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.AuditEntry;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Entries of the audit log as sentences, with links to what they are about. */
public final class AuditWords {

    /** Members that say nothing to people, or that the page has elsewhere. */
    private static final Set<String> SILENT = Set.of("model_id", "sequence", "rollout", "plan", "verdict");

    /** What was done, for actions whose sentence is: who, what was done, to what. */
    private static final Map<String, String> VERBS = Map.ofEntries(
            Map.entry("publish", "published"),
            Map.entry("model.create", "created the model"),
            Map.entry("model.describe", "described the model"),
            Map.entry("model.tag", "tagged the model"),
            Map.entry("model.untag", "removed a tag of the model"),
            Map.entry("model.rename", "renamed a model to"),
            Map.entry("model.delete", "deleted the model"),
            Map.entry("model.undelete", "restored the model"),
            Map.entry("version.describe", "wrote notes on"),
            Map.entry("version.tag", "tagged"),
            Map.entry("version.untag", "removed a tag of"),
            Map.entry("version.stage", "changed the stage of"),
            Map.entry("version.delete", "deleted"),
            Map.entry("version.undelete", "restored"),
            Map.entry("version.hold", "held"),
            Map.entry("version.release", "let go of"),
            Map.entry("version.purge", "gave up the files of"),
            Map.entry("retention.set", "set the rule of retention of"),
            Map.entry("retention.remove", "removed the rule of retention of"),
            Map.entry("retention.run", "ran the rule of retention of"),
            Map.entry("gc.run", "began a collection of garbage on"),
            Map.entry("endpoint.create", "created the endpoint"),
            Map.entry("endpoint.flip", "moved the endpoint"),
            Map.entry("endpoint.rollback", "rolled back the endpoint"),
            Map.entry("endpoint.delete", "deleted the endpoint"),
            Map.entry("quarantine.release", "released a version from the quarantine of the endpoint"),
            Map.entry("rollout.start", "started a rollout of the endpoint"),
            Map.entry("rollout.queue", "queued a rollout of the endpoint"),
            Map.entry("rollout.dequeue", "started a queued rollout of the endpoint"),
            Map.entry("rollout.cancel", "cancelled a rollout of the endpoint"),
            Map.entry("rollout.begin", "began the first step of the rollout of the endpoint"),
            Map.entry("rollout.rolled-back", "ended the rollout of the endpoint"),
            Map.entry("rollout.load-failed", "could not load the candidate of the endpoint,"),
            Map.entry("rollout.advance", "advanced the rollout of the endpoint"),
            Map.entry("rollout.hold", "held the rollout of the endpoint"),
            Map.entry("rollout.resume", "resumed the rollout of the endpoint"),
            Map.entry("rollout.promote", "promoted the candidate at the endpoint"),
            Map.entry("rollout.rollback", "rolled back the rollout of the endpoint"),
            Map.entry("rollout.abort", "aborted the rollout of the endpoint"),
            Map.entry("experiment.create", "created the experiment"),
            Map.entry("experiment.rename", "renamed an experiment to"),
            Map.entry("experiment.delete", "deleted the experiment"),
            Map.entry("experiment.restore", "restored the experiment"),
            Map.entry("run.delete", "deleted the run"),
            Map.entry("run.restore", "restored the run"),
            Map.entry("logged-model.delete", "deleted the logged model"),
            Map.entry("token.create", "made the token"),
            Map.entry("token.revoke", "revoked the token"),
            Map.entry("grant.add", "gave a role to"),
            Map.entry("grant.remove", "took a role from"),
            Map.entry("user.disable", "disabled"),
            Map.entry("user.enable", "enabled"),
            Map.entry("login", "logged in and got the token"),
            Map.entry("session.begin", "logged in with a browser"),
            Map.entry("logout", "logged out"),
            Map.entry("webhook.create", "made the webhook"),
            Map.entry("webhook.update", "changed the webhook"),
            Map.entry("webhook.delete", "deleted the webhook"),
            Map.entry("channel.create", "made the notification channel"),
            Map.entry("channel.update", "changed the notification channel"),
            Map.entry("channel.delete", "removed the notification channel"),
            Map.entry("backup", "began a backup, as"));

    private AuditWords() {}

    /**
     * A piece of a sentence.
     *
     * @param name whether it is the name of something, which may be any text
     * @param link the page of what it names
     */
    public record Piece(String text, boolean name, Optional<String> link) {

        static Piece words(String text) {
            return new Piece(text, false, Optional.empty());
        }

        static Piece name(String text) {
            return new Piece(text, true, Optional.empty());
        }

        static Piece link(String text, String address, boolean may) {
            return new Piece(text, true, Optional.of(address).filter(_ -> may));
        }
    }

    /**
     * One more thing that an entry says.
     *
     * @param whole the value without anything cut off
     */
    public record Detail(String label, String value, String whole) {}

    /**
     * An entry for people.
     *
     * @param sentence what was done, after the name of who did it
     * @param details what else the entry says
     * @param rollout the page of the rollout that the entry is about
     */
    public record AuditLine(AuditEntry entry, List<Piece> sentence, List<Detail> details, Optional<String> rollout) {}

    /** The actions that entries are filtered by: groups and single ones. */
    public static List<String> actions() {
        Set<String> all = new TreeSet<>(VERBS.keySet());
        VERBS.keySet().stream()
                .filter(action -> action.indexOf('.') > 0)
                .forEach(action -> all.add(action.substring(0, action.indexOf('.'))));
        return List.copyOf(all);
    }

    /**
     * An entry as a sentence.
     *
     * @param access tells what the caller may look at: nothing else is a link
     */
    public static AuditLine of(AuditEntry entry, Access access) {
        JsonNode detail = entry.detail();
        Set<String> told = new HashSet<>(SILENT);
        List<Piece> sentence = new ArrayList<>();
        String action = entry.action();
        String verb = VERBS.get(action);
        if (verb != null) {
            sentence.add(Piece.words(verb));
        } else {
            sentence.add(Piece.words("did"));
            sentence.add(Piece.name(action));
            sentence.add(Piece.words("on"));
        }
        if (action.equals("alias.set") || action.equals("alias.delete")) {
            sentence.clear();
            sentence.add(Piece.words(action.equals("alias.set") ? "set the alias" : "removed the alias"));
            sentence.add(Piece.name("@" + text(detail, "alias", told)));
            sentence.add(Piece.words("of"));
        }
        subject(entry, access, told, sentence);
        return new AuditLine(entry, List.copyOf(sentence), details(entry, told), rollout(entry, access));
    }

    private static void subject(AuditEntry entry, Access access, Set<String> told, List<Piece> sentence) {
        String subject = entry.subject();
        JsonNode detail = entry.detail();
        String version = text(detail, "version", told);
        if (subject.startsWith("endpoint:")) {
            String endpoint = subject.substring("endpoint:".length());
            sentence.add(Piece.link(
                    endpoint,
                    Words.endpointLink(endpoint),
                    access.allows(Action.READ, new Resource.Endpoint(endpoint))));
            String model = text(detail, "model", told);
            if (!version.isEmpty()) {
                sentence.add(Piece.words(preposition(entry.action())));
                sentence.add(version(model, version, access));
            }
            return;
        }
        Optional<ModelName> model = model(subject.split("@", 2)[0]);
        if (model.isPresent()) {
            boolean may = access.allows(Action.READ, new Resource.Model(model.get()));
            boolean aboutVersion = !version.isEmpty() && !entry.action().startsWith("alias.");
            sentence.add(
                    aboutVersion
                            ? version(model.get().toString(), version, access)
                            : Piece.link(subject, Words.link(model.get()), may));
            if (!version.isEmpty() && entry.action().equals("alias.set")) {
                sentence.add(Piece.words("to"));
                sentence.add(Piece.link(version, Words.link(model.get(), version), may));
            }
            return;
        }
        other(subject, detail, access, told, sentence);
    }

    private static String preposition(String action) {
        return switch (action) {
            case "endpoint.create", "endpoint.delete" -> "with";
            case "rollout.load-failed",
                    "rollout.rolled-back",
                    "quarantine.release",
                    "rollout.cancel",
                    "rollout.hold",
                    "rollout.abort",
                    "rollout.rollback" -> "with";
            default -> "to";
        };
    }

    private static Piece version(String model, String version, Access access) {
        return model(model)
                .map(name -> Piece.link(
                        name + " " + version,
                        Words.link(name, version),
                        access.allows(Action.READ, new Resource.Model(name))))
                .orElseGet(() -> Piece.name(version));
    }

    private static void other(String subject, JsonNode detail, Access access, Set<String> told, List<Piece> sentence) {
        if (subject.startsWith("experiment ")) {
            String id = subject.substring("experiment ".length());
            String name = text(detail, "name", told);
            sentence.add(Piece.link(
                    name.isEmpty() ? id : name,
                    "/ui/experiments/" + Words.segment(id),
                    access.allows(Action.READ, new Resource.Experiment(id))));
        } else if (subject.startsWith("run ")) {
            String id = subject.substring("run ".length());
            sentence.add(
                    Piece.link(id, "/ui/runs/" + Words.segment(id), access.allows(Action.READ, new Resource.Run(id))));
        } else if (subject.startsWith("token:")) {
            String name = text(detail, "name", told);
            sentence.add(Piece.name(name.isEmpty() ? subject : name));
        } else if (subject.startsWith("webhook:")) {
            String name = text(detail, "name", told);
            sentence.add(Piece.link(
                    name.isEmpty() ? subject : name,
                    "/ui/webhooks",
                    access.allows(Action.ADMINISTER, Resource.WEBHOOKS)));
        } else if (subject.startsWith("channel:")) {
            sentence.add(Piece.link(
                    text(detail, "name", told),
                    "/ui/notifications",
                    access.allows(Action.ADMINISTER, Resource.NOTIFICATIONS)));
        } else if (subject.equals("backups")) {
            sentence.add(Piece.link(
                    text(detail, "id", told), "/ui/backups", access.allows(Action.ADMINISTER, Resource.REGISTRY)));
        } else {
            sentence.add(Piece.name(subject));
        }
    }

    /** The model of this name; empty when the text is the name of no model, as of a token. */
    private static Optional<ModelName> model(String text) {
        if (text.indexOf('/') < 0 || text.indexOf(':') >= 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(ModelName.parse(text));
        } catch (ProblemException none) {
            return Optional.empty();
        }
    }

    private static String text(JsonNode detail, String member, Set<String> told) {
        told.add(member);
        return detail.path(member).asString("");
    }

    private static List<Detail> details(AuditEntry entry, Set<String> told) {
        JsonNode detail = entry.detail();
        List<Detail> details = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : detail.properties()) {
            String value = value(member.getValue());
            boolean again = value.equals(entry.change().reason());
            if (!told.contains(member.getKey()) && !value.isEmpty() && !again) {
                String shown = member.getKey().equals("digest") ? Words.brief(value) : value;
                details.add(new Detail(CardValues.label(member.getKey()), shown, value));
            }
        }
        return List.copyOf(details);
    }

    private static String value(JsonNode value) {
        if (value.isBoolean()) {
            // What is not so is not worth a line.
            return value.booleanValue() ? "yes" : "";
        }
        if (value.isArray()) {
            return String.join(
                    ", ",
                    StreamSupport.stream(value.spliterator(), false)
                            .map(AuditWords::value)
                            .toList());
        }
        if (value.isObject()) {
            return String.join(
                    ", ",
                    value.properties().stream()
                            .map(member -> CardValues.label(member.getKey()) + " " + value(member.getValue()))
                            .toList());
        }
        return value.asString("");
    }

    private static Optional<String> rollout(AuditEntry entry, Access access) {
        return Optional.of(entry.detail().path("rollout").asString(""))
                .filter(id -> !id.isEmpty() && access.allows(Action.READ, new Resource.Rollout(id)))
                .map(Words::rolloutLink);
    }
}
