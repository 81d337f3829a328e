package io.modelward.pages.model;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.retention.KeepReason;
import io.modelward.core.retention.KeptTag;
import io.modelward.core.retention.RetentionPlan;
import io.modelward.core.retention.RetentionRule;
import io.modelward.core.time.Durations;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.pages.frame.ActionForm;
import io.modelward.pages.frame.Actions;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.Words;
import io.modelward.registry.retention.RetentionRules;
import io.modelward.registry.retention.RetentionService;
import io.modelward.registry.retention.RetentionService.Preview;
import io.modelward.registry.retention.RetentionService.Standing;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.FormFields;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How long versions are kept: all rules, and of a model what its rule would delete. */
public final class RetentionPages {

    private static final String ALL = "/ui/retention";
    private static final String MODEL = "/ui/models/{namespace}/{name}/retention";
    private static final String VERSION = "/ui/models/{namespace}/{name}/versions/{version}";
    private static final int MOST_SHOWN = 200;

    private final PageSender pages;
    private final Access access;
    private final RetentionRules rules;
    private final RetentionService service;

    public RetentionPages(PageSender pages, Access access, RetentionRules rules, RetentionService service) {
        this.pages = pages;
        this.access = access;
        this.rules = rules;
        this.service = service;
    }

    /** All rules. */
    public record RulesView(List<RetentionRules.Named> rules) {}

    /**
     * A model's rule and what it would do.
     *
     * @param may whether the caller may change the rule and run it
     */
    public record RetentionView(Standing standing, Preview preview, boolean may) {

        /** Versions of which a page shows the first ones, those that go before the others. */
        public List<RetentionPlan.Verdict> verdicts() {
            return preview.plan().verdicts().stream()
                    .sorted((one, other) -> Boolean.compare(other.goes(), one.goes()))
                    .limit(MOST_SHOWN)
                    .toList();
        }

        /** How many are not shown. */
        public int more() {
            return Math.max(0, preview.plan().verdicts().size() - MOST_SHOWN);
        }
    }

    /** A rule in words. */
    public static String words(RetentionRule rule) {
        return "Keep the last " + rule.keepLast() + (rule.perMajor() ? " of each major" : "")
                + ", what is younger than "
                + (rule.deleteAfter().isZero() ? "0d" : Durations.write(rule.deleteAfter()))
                + (rule.keepTags().isEmpty()
                        ? ""
                        : ", and what has the tag "
                                + rule.keepTags().stream()
                                        .map(KeptTag::toString)
                                        .collect(Collectors.joining(" or ")))
                + ".";
    }

    /** Why a version stays, in words. */
    public static String reasons(RetentionPlan.Verdict verdict) {
        return verdict.reasons().isEmpty() && !verdict.goes()
                ? "no rule is in force"
                : verdict.reasons().stream().map(KeepReason::words).collect(Collectors.joining("; "));
    }

    public void open(HttpRoute.Table routes, Actions actions) {
        routes.blocking(
                "GET",
                ALL,
                Action.READ,
                exchange -> pages.page(exchange, Section.NONE, "Retention", "retention", new RulesView(rules.list())));
        routes.blocking("GET", MODEL, Action.READ, this::show);
        actions.open(routes, MODEL + "/rule", Action.DELETE, this::ruleForm, this::setRule);
        actions.open(routes, MODEL + "/run", Action.DELETE, this::runForm, this::run);
        actions.open(routes, VERSION + "/hold", Action.DELETE, this::holdForm, this::hold);
        actions.open(routes, VERSION + "/release", Action.DELETE, this::releaseForm, this::release);
    }

    private Reply show(Exchange exchange) {
        ModelName name = ModelPages.name(exchange);
        return pages.page(
                exchange,
                Section.MODELS,
                "Retention of " + name,
                "modelretention",
                new RetentionView(
                        service.standing(name),
                        service.preview(name),
                        access.allows(Action.DELETE, new Resource.Model(name))));
    }

    private static String link(Exchange exchange) {
        return Words.link(ModelPages.name(exchange)) + "/retention";
    }

    private ActionForm ruleForm(Exchange exchange) {
        ModelName name = ModelPages.name(exchange);
        Optional<RetentionRule> now =
                service.standing(name).rule().map(rule -> rule.kept().rule());
        RetentionRule shown =
                now.orElse(new RetentionRule(RetentionRule.KEEP_LAST, false, RetentionRule.DELETE_AFTER, List.of()));
        return ActionForm.of(
                        Section.MODELS,
                        "Set the rule of " + name,
                        link(exchange) + "/rule",
                        "Set the rule",
                        link(exchange))
                .saying("A version stays when any part of the rule keeps it. What was ever live stays in any case."
                        + " Nothing is deleted before you have seen what it would be.")
                .text("keep_last", "Keep the last", Integer.toString(shown.keepLast()), "By SemVer order.", true)
                .ticked("per_major", "So many of each major number", shown.perMajor())
                .text(
                        "delete_after",
                        "Keep what is younger than",
                        shown.deleteAfter().isZero() ? "0d" : Durations.write(shown.deleteAfter()),
                        "Such as 36h or 365d.",
                        true)
                .text(
                        "keep_tags",
                        "Keep what has the tag",
                        shown.keepTags().stream().map(KeptTag::toString).collect(Collectors.joining(", ")),
                        "KEY or KEY=VALUE, with commas between several.",
                        false)
                .tick("remove", "No rule of its own any more: that of the namespace or the server counts", "")
                .reason();
    }

    private String setRule(Exchange exchange, FormFields fields) {
        ModelName name = ModelPages.name(exchange);
        String reason = fields.text("reason").orElse("");
        if (fields.ticked("remove")) {
            rules.removeOfModel(name, exchange.actor(), reason);
            return link(exchange);
        }
        String last = fields.text("keep_last").orElse(Integer.toString(RetentionRule.KEEP_LAST));
        if (!last.strip().matches("[0-9]{1,7}")) {
            throw ProblemException.invalid("keep_last", "keep_last is a whole number from 0 to 1000000.");
        }
        RetentionRule rule = new RetentionRule(
                Integer.parseInt(last.strip()),
                fields.ticked("per_major"),
                Durations.parse(fields.text("delete_after").orElse("365d").strip(), "delete_after"),
                Arrays.stream(fields.text("keep_tags").orElse("").split(",", -1))
                        .map(String::strip)
                        .filter(tag -> !tag.isEmpty())
                        .map(KeptTag::parse)
                        .toList());
        rules.setOfModel(name, rule, exchange.actor(), reason);
        return link(exchange);
    }

    private ActionForm runForm(Exchange exchange) {
        ModelName name = ModelPages.name(exchange);
        RetentionPlan plan = service.preview(name).plan();
        ActionForm form = ActionForm.of(
                        Section.MODELS,
                        "Delete what the rule of " + name + " says",
                        link(exchange) + "/run",
                        "Delete",
                        link(exchange))
                .saying(
                        plan.deletions().isEmpty()
                                ? "Nothing goes now."
                                : Words.counted(plan.deletions().size(), "version") + " of "
                                        + plan.verdicts().size() + " are deleted, "
                                        + Words.bytes(plan.bytes())
                                        + ". Until the time to bring them back has ended, they can be brought back"
                                        + " whole.")
                .hidden("fingerprint", plan.fingerprint())
                .dangerous();
        return (plan.nearlyEverything() ? form.tick("confirm", "Yes, most versions of " + name + " go", "") : form)
                .reason();
    }

    private String run(Exchange exchange, FormFields fields) {
        service.run(
                ModelPages.name(exchange),
                fields.text("fingerprint"),
                fields.ticked("confirm"),
                exchange.actor(),
                fields.text("reason").orElse(""));
        return link(exchange);
    }

    private static ActionForm versionForm(Exchange exchange, String title, String act, String says) {
        String address = Words.link(ModelPages.name(exchange), exchange.path("version")) + "/"
                + act.toLowerCase(java.util.Locale.ROOT);
        return ActionForm.of(Section.MODELS, title, address, act, link(exchange))
                .saying(says)
                .text("reason", "Reason", "", "Why you do it. The audit log keeps the reason.", true);
    }

    private ActionForm holdForm(Exchange exchange) {
        return versionForm(
                exchange,
                "Hold " + ModelPages.name(exchange) + " " + SemVer.parse(exchange.path("version")),
                "Hold",
                "Neither a rule nor a person deletes the version while it is held.");
    }

    private ActionForm releaseForm(Exchange exchange) {
        return versionForm(
                exchange,
                "Release " + ModelPages.name(exchange) + " " + SemVer.parse(exchange.path("version")),
                "Release",
                "The version is not held any more, and the rule of the model counts for it.");
    }

    private String hold(Exchange exchange, FormFields fields) {
        service.hold(
                ModelPages.name(exchange),
                SemVer.parse(exchange.path("version")),
                exchange.actor(),
                fields.required("reason"));
        return link(exchange);
    }

    private String release(Exchange exchange, FormFields fields) {
        service.release(
                ModelPages.name(exchange),
                SemVer.parse(exchange.path("version")),
                exchange.actor(),
                fields.required("reason"));
        return link(exchange);
    }
}
