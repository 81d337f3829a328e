package io.modelward.pages.account;

import io.modelward.access.grant.GrantService;
import io.modelward.access.grant.GrantService.Explanation;
import io.modelward.access.grant.UserService;
import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Grant;
import io.modelward.core.access.KnownSubject;
import io.modelward.core.access.Permission;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Resource;
import io.modelward.core.access.Role;
import io.modelward.core.access.Scope;
import io.modelward.core.access.Subject;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.search.PageToken;
import io.modelward.pages.frame.ActionForm;
import io.modelward.pages.frame.Actions;
import io.modelward.pages.frame.Filters;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.Words;
import io.modelward.registry.Page;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.FormFields;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Who may do what: grants, users, and why somebody may do something or not. */
public final class AccessPages {

    private static final String ACCESS = "/ui/access";
    private static final String NEW = ACCESS + "/grants/new";
    private static final String GRANT = ACCESS + "/grants/{grant}";
    private static final String DISABLE = ACCESS + "/users/disable";
    private static final String ENABLE = ACCESS + "/users/enable";
    private static final int A_PAGE = 50;
    private static final List<String> QUESTION = List.of("who", "action", "on");

    private final PageSender pages;
    private final Access access;
    private final GrantService grants;
    private final UserService users;

    public AccessPages(PageSender pages, Access access, GrantService grants, UserService users) {
        this.pages = pages;
        this.access = access;
        this.grants = grants;
        this.users = users;
    }

    /** A grant in the list. */
    public record GrantLine(Grant grant, boolean removable) {}

    /** A user in the list. */
    public record UserLine(KnownSubject user, Optional<Instant> seen) {}

    /**
     * Who may do what.
     *
     * @param subject whose grants are listed; empty: those of all
     * @param question who, what and on what is asked about
     * @param answer of the question
     * @param problem what is wrong with the question or the subject
     * @param users empty: the caller does not administer the server
     */
    public record AccessView(
            boolean on,
            List<GrantLine> grants,
            String subject,
            Optional<String> more,
            boolean gives,
            Filters question,
            List<String> actions,
            Optional<Explanation> answer,
            Optional<Problem> problem,
            Optional<List<UserLine>> users,
            Optional<String> moreUsers) {}

    public void open(HttpRoute.Table routes, Actions actions) {
        routes.knownBlocking("GET", ACCESS, this::show);
        actions.openForKnown(routes, NEW, AccessPages::newForm, this::add);
        actions.openForKnown(routes, GRANT + "/remove", this::removeForm, (exchange, fields) -> {
            AccountPages.confirm(fields);
            grants.remove(exchange.path("grant"), fields.text("reason").orElse(""), exchange.principal());
            return ACCESS;
        });
        actions.open(routes, DISABLE, Action.ADMINISTER, AccessPages::disableForm, (exchange, fields) -> {
            AccountPages.confirm(fields);
            return able(exchange, fields, true);
        });
        actions.open(
                routes,
                ENABLE,
                Action.ADMINISTER,
                AccessPages::enableForm,
                (exchange, fields) -> able(exchange, fields, false));
    }

    private Reply show(Exchange exchange) {
        Filters question = Filters.of(exchange, QUESTION);
        String subject = exchange.query("subject").orElse("").strip();
        List<String> actions = Arrays.stream(Action.values()).map(Action::label).toList();
        if (access.off()) {
            return show(
                    exchange,
                    200,
                    new AccessView(
                            false,
                            List.of(),
                            "",
                            Optional.empty(),
                            false,
                            question,
                            actions,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
        }
        Principal caller = exchange.principal();
        Optional<Explanation> answer = Optional.empty();
        Optional<Problem> problem = Optional.empty();
        Page<Grant> page = new Page<>(List.of(), Optional.empty());
        try {
            page = grants.list(
                    Optional.of(subject).filter(text -> !text.isEmpty()).map(text -> Subject.parse("subject", text)),
                    exchange.pageBefore(),
                    A_PAGE,
                    caller);
            answer = answer(question, caller);
        } catch (ProblemException refused) {
            ProblemType type = refused.problem().type();
            if (type != ProblemType.INVALID && type != ProblemType.FORBIDDEN && type != ProblemType.NOT_FOUND) {
                throw refused;
            }
            problem = Optional.of(refused.problem());
        }
        Optional<Page<KnownSubject>> known = access.allows(Action.ADMINISTER, Resource.REGISTRY)
                ? Optional.of(users.list(exchange.query("users_after").orElse(""), A_PAGE))
                : Optional.empty();
        AccessView view = new AccessView(
                true,
                page.items().stream()
                        .map(grant -> new GrantLine(grant, grants.mayRemove(grant, caller)))
                        .toList(),
                subject,
                page.next()
                        .map(next -> ACCESS + "?"
                                + (subject.isEmpty() ? "" : "subject=" + Words.query(subject) + "&")
                                + "page_token=" + Words.query(PageToken.ofKey(next)) + "#grants"),
                access.reach(Action.GRANT).anything(),
                question,
                actions,
                answer,
                problem,
                known.map(list -> list.items().stream()
                        .map(user ->
                                new UserLine(user, Optional.of(user.toldAt()).filter(at -> at.isAfter(Instant.EPOCH))))
                        .toList()),
                known.flatMap(Page::next).map(next -> ACCESS + "?users_after=" + Words.query(next) + "#users"));
        return show(exchange, problem.map(one -> one.type().status()).orElse(200), view);
    }

    private Reply show(Exchange exchange, int status, AccessView view) {
        return pages.page(exchange, status, Section.NONE, "Access", "access", view);
    }

    private Optional<Explanation> answer(Filters question, Principal caller) {
        if (!question.any()) {
            return Optional.empty();
        }
        return Optional.of(grants.explain(
                Subject.parse("who", question.filled("who").orElse(caller.name())),
                GrantService.action(question.get("action")),
                GrantService.resource(question.get("on")),
                caller));
    }

    private static ActionForm newForm(Exchange exchange) {
        return ActionForm.of(Section.NONE, "Give a role", NEW, "Give the role", ACCESS)
                .saying("Whoever is named here may do what the role says, on what the scope covers, from now on and"
                        + " until the role is taken away.")
                .text(
                        "subject",
                        "To whom",
                        exchange.query("subject").orElse(""),
                        "user:ISSUER#SUBJECT, group:NAME, service:NAME, certificate:NAME or everyone.",
                        true)
                .choice(
                        "role",
                        "Role",
                        exchange.query("role").orElse("reader"),
                        AccountPages.roles(),
                        "From the narrowest to the widest.")
                .text(
                        "scope",
                        "Scope",
                        exchange.query("scope").orElse(""),
                        "On what: * is the whole server; else such as model:team/*, endpoint:iris, experiment:iris*.",
                        true)
                .reason();
    }

    private String add(Exchange exchange, FormFields fields) {
        Grant grant = grants.add(
                Subject.parse("subject", fields.required("subject")),
                new Permission(
                        Role.parse("role", fields.required("role")), Scope.parse("scope", fields.required("scope"))),
                fields.text("reason").orElse(""),
                exchange.principal());
        return ACCESS + "?subject=" + Words.query(grant.subject().toString());
    }

    private ActionForm removeForm(Exchange exchange) {
        Grant grant = grants.removable(exchange.path("grant"), exchange.principal());
        return ActionForm.of(
                        Section.NONE,
                        "Take a role away",
                        ACCESS + "/grants/" + Words.segment(grant.id()) + "/remove",
                        "Take the role away",
                        ACCESS)
                .saying(grant.subject() + " has the role " + grant.permission() + ", and loses the role at once.")
                .saying("Other roles of " + grant.subject() + " stay.")
                .tick("confirm", "Take away " + grant.permission() + " from " + grant.subject(), "")
                .reason()
                .dangerous();
    }

    private static ActionForm disableForm(Exchange exchange) {
        return ActionForm.of(Section.NONE, "Disable a user", DISABLE, "Disable", ACCESS)
                .saying("Whoever is named here may do nothing from now on, by no token and no session, until enabled"
                        + " again. Their roles and tokens are kept.")
                .text(
                        "subject",
                        "User",
                        exchange.query("subject").orElse(""),
                        "user:ISSUER#SUBJECT, service:NAME or certificate:NAME.",
                        true)
                .tick("confirm", "Disable this user", "")
                .reason()
                .dangerous();
    }

    private static ActionForm enableForm(Exchange exchange) {
        return ActionForm.of(Section.NONE, "Enable a user", ENABLE, "Enable", ACCESS)
                .saying("Whoever is named here may do again what their roles say.")
                .text("subject", "User", exchange.query("subject").orElse(""), "", true)
                .reason();
    }

    private String able(Exchange exchange, FormFields fields, boolean disabled) {
        users.disable(
                Subject.parse("subject", fields.required("subject")),
                disabled,
                fields.text("reason").orElse(""),
                exchange.principal());
        return ACCESS + "#users";
    }
}
