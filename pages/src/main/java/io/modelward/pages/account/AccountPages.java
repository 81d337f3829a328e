package io.modelward.pages.account;

import io.modelward.access.grant.GrantService;
import io.modelward.access.token.TokenService;
import io.modelward.core.access.Access;
import io.modelward.core.access.AccessToken;
import io.modelward.core.access.Action;
import io.modelward.core.access.Grant;
import io.modelward.core.access.Permission;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Resource;
import io.modelward.core.access.Role;
import io.modelward.core.access.Scope;
import io.modelward.core.access.Subject;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.search.PageToken;
import io.modelward.pages.frame.ActionForm;
import io.modelward.pages.frame.Actions;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.Words;
import io.modelward.registry.Page;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.FormFields;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Who the caller is, what the caller may do, and the caller's tokens. */
public final class AccountPages {

    private static final String ACCOUNT = "/ui/account";
    private static final String NEW = ACCOUNT + "/tokens/new";
    private static final String TOKEN = ACCOUNT + "/tokens/{token}";
    private static final int A_PAGE = 50;

    private final PageSender pages;
    private final Access access;
    private final TokenService tokens;
    private final GrantService grants;
    private final InstantSource clock;

    public AccountPages(
            PageSender pages, Access access, TokenService tokens, GrantService grants, InstantSource clock) {
        this.pages = pages;
        this.access = access;
        this.tokens = tokens;
        this.grants = grants;
        this.clock = clock;
    }

    /**
     * A token in a list.
     *
     * @param own whether it is the one that the caller came with
     */
    public record TokenLine(AccessToken token, Optional<Instant> used, boolean valid, boolean own) {}

    /**
     * The caller.
     *
     * @param limits what the caller's credential is limited to; empty: it is not
     * @param all whether the tokens are those of everyone
     * @param administers whether the caller may look at the tokens of everyone
     */
    public record AccountView(
            boolean on,
            Principal caller,
            List<Grant> grants,
            Optional<List<Permission>> limits,
            List<String> groups,
            List<TokenLine> tokens,
            boolean all,
            boolean administers,
            Optional<String> more) {

        public boolean session() {
            return caller.via().credential().equals("session");
        }
    }

    /** A token that was just made, with its text, which is told this once. */
    public record MadeView(TokenService.NewToken made) {}

    public void open(HttpRoute.Table routes, Actions actions) {
        routes.knownBlocking("GET", ACCOUNT, this::show);
        actions.openAnsweredForKnown(routes, NEW, this::newForm, this::make);
        actions.openForKnown(routes, TOKEN + "/revoke", this::revokeForm, (exchange, fields) -> {
            confirm(fields);
            tokens.revoke(exchange.path("token"), fields.text("reason").orElse(""), exchange.principal());
            return ACCOUNT;
        });
    }

    static void confirm(FormFields fields) {
        if (!fields.ticked("confirm")) {
            throw ProblemException.invalid("confirm", "Tick the box, so that it is not done by mistake.");
        }
    }

    private Reply show(Exchange exchange) {
        Principal caller = exchange.principal();
        if (access.off() || !caller.proven()) {
            return pages.page(
                    exchange,
                    Section.NONE,
                    "Account",
                    "account",
                    new AccountView(
                            false,
                            caller,
                            List.of(),
                            Optional.empty(),
                            List.of(),
                            List.of(),
                            false,
                            false,
                            Optional.empty()));
        }
        GrantService.Own own = grants.own(caller);
        boolean administers = access.allows(Action.ADMINISTER, Resource.REGISTRY);
        boolean all = administers && exchange.flag("all");
        Page<AccessToken> page = tokens.list(all, exchange.pageBefore(), A_PAGE, caller);
        return pages.page(
                exchange,
                Section.NONE,
                "Account",
                "account",
                new AccountView(
                        true,
                        caller,
                        own.grants(),
                        own.limits(),
                        List.copyOf(own.groups()),
                        page.items().stream()
                                .filter(token -> token.kind() != AccessToken.Kind.SESSION)
                                .map(token -> line(token, caller))
                                .toList(),
                        all,
                        administers,
                        page.next()
                                .map(next -> ACCOUNT + (all ? "?all=true&" : "?") + "page_token="
                                        + Words.query(PageToken.ofKey(next)))));
    }

    private TokenLine line(AccessToken token, Principal caller) {
        Optional<Instant> used = tokens.used(token);
        return new TokenLine(
                token,
                used,
                token.valid(clock.instant(), used.orElse(token.createdAt())),
                token.id().equals(caller.credential()));
    }

    private ActionForm newForm(Exchange exchange) {
        ActionForm form = ActionForm.of(Section.NONE, "Make a token", NEW, "Make the token", ACCOUNT)
                .saying("A token acts in your name, for a program, and may do what you write here and nothing else.")
                .saying("Its text is shown once, on the next page. Whoever has the text can use the token.")
                .text("name", "Name", "", "What it is for, such as nightly-training. The audit log shows it.", true)
                .choice("role", "Role", "reader", roles(), "What the token may do.")
                .text(
                        "scope",
                        "Scope",
                        exchange.query("scope").orElse("*"),
                        "On what: * is the whole server; else such as model:default/iris, endpoint:iris, experiment:*.",
                        true)
                .lines(
                        "more",
                        "More roles",
                        "",
                        "One on each line, role and scope with a space between, such as publisher model:team/*.")
                .text(
                        "expires",
                        "Good for",
                        "90d",
                        "A duration such as 12h or 90d, or a date. At most 366 days.",
                        true);
        return access.allows(Action.ADMINISTER, Resource.REGISTRY)
                ? form.text(
                        "owner",
                        "In the name of",
                        "",
                        "A service of its own, such as service:training. Empty: in your name.",
                        false)
                : form;
    }

    static List<String> roles() {
        return Arrays.stream(Role.values()).map(Role::label).toList();
    }

    private Reply make(Exchange exchange, FormFields fields) {
        List<Permission> permissions = new ArrayList<>();
        permissions.add(permission("role", fields.required("role"), "scope", fields.required("scope")));
        for (String line : fields.text("more").orElse("").split("\n", -1)) {
            String[] parts = line.strip().split("\\s+", 2);
            if (parts.length == 2) {
                permissions.add(permission("more", parts[0], "more", parts[1]));
            } else if (!line.isBlank()) {
                throw ProblemException.invalid(
                        "more", "Each line has a role and a scope with a space between, such as reader model:iris.");
            }
        }
        TokenService.NewToken made = tokens.create(
                new TokenService.Wish(
                        fields.required("name"),
                        permissions,
                        fields.text("expires").map(tokens::end),
                        fields.text("owner").map(text -> Subject.parse("owner", text))),
                exchange.principal());
        return pages.page(exchange, Section.NONE, "The token is made", "tokenmade", new MadeView(made));
    }

    private static Permission permission(String roleField, String role, String scopeField, String scope) {
        return new Permission(Role.parse(roleField, role), Scope.parse(scopeField, scope));
    }

    private ActionForm revokeForm(Exchange exchange) {
        AccessToken token = tokens.get(exchange.path("token"), exchange.principal());
        return ActionForm.of(
                        Section.NONE,
                        "Revoke the token " + token.name(),
                        ACCOUNT + "/tokens/" + Words.segment(token.id()) + "/revoke",
                        "Revoke",
                        ACCOUNT)
                .saying("From now on no request with the token " + token.name() + " of " + token.owner()
                        + " is served. Programs that use the token stop working.")
                .saying("A token that is revoked never works again.")
                .tick("confirm", "Revoke the token " + token.name(), "")
                .reason()
                .dangerous();
    }
}
