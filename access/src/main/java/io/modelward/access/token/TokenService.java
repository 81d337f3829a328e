package io.modelward.access.token;

import io.modelward.access.identity.ProvenIdentity;
import io.modelward.access.state.AccessState;
import io.modelward.access.state.GrantAuthorizer;
import io.modelward.access.state.TokenText;
import io.modelward.core.access.Access;
import io.modelward.core.access.AccessToken;
import io.modelward.core.access.AccessToken.Kind;
import io.modelward.core.access.Action;
import io.modelward.core.access.Grant;
import io.modelward.core.access.KnownSubject;
import io.modelward.core.access.Permission;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Resource;
import io.modelward.core.access.Role;
import io.modelward.core.access.Scope;
import io.modelward.core.access.Subject;
import io.modelward.core.audit.Change;
import io.modelward.core.audit.Via;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.problem.Quoted;
import io.modelward.core.time.Durations;
import io.modelward.core.time.Moments;
import io.modelward.registry.Actor;
import io.modelward.registry.Page;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes, lists and revokes tokens, and begins and ends sessions. The text of a token is answered once, by its maker. */
public final class TokenService implements LogIns {

    private static final Logger LOG = LoggerFactory.getLogger(TokenService.class);

    /** How long a token is good when its maker does not say. */
    public static final Duration USUAL = Duration.ofDays(90);

    private static final Duration LONGEST = Duration.ofDays(366);
    private static final Duration BOOTSTRAP = Duration.ofDays(1);
    private static final Duration LOGIN = Duration.ofHours(12);
    private static final int LONGEST_NAME = 100;
    private static final int MOST_PERMISSIONS = 50;
    private static final int MOST_TOKENS = 20_000;
    /** So that one owner takes no log-in from the others. */
    private static final int MOST_OF_ONE = 1000;

    private final Access access;
    private final Catalog catalog;
    private final AccessState state;
    private final GrantAuthorizer grants;
    private final Sessions sessions;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * How long sessions last.
     *
     * @param idle without a request
     * @param longest in any case
     */
    public record Sessions(Duration idle, Duration longest) {}

    /** @param random unguessable */
    public TokenService(
            Access access,
            Catalog catalog,
            AccessState state,
            GrantAuthorizer grants,
            Sessions sessions,
            InstantSource clock,
            RandomGenerator random) {
        this.access = access;
        this.catalog = catalog;
        this.state = state;
        this.grants = grants;
        this.sessions = sessions;
        this.clock = clock;
        this.random = random;
    }

    /**
     * A token as its maker wishes it.
     *
     * @param permissions at least one
     * @param expires the end; empty: after {@link #USUAL}
     * @param owner in whose name it acts; empty: the caller's
     */
    public record Wish(String name, List<Permission> permissions, Optional<Instant> expires, Optional<Subject> owner) {}

    /**
     * When a token ends, from a duration such as {@code 90d} or a time.
     *
     * @throws ProblemException of kind INVALID when the text is neither
     */
    public Instant end(String text) {
        return text.matches("[0-9.]+[a-z]+")
                ? clock.instant().plus(Durations.parse(text, "expires"))
                : Moments.parse("expires", text);
    }

    /** A token and its text. */
    public record NewToken(AccessToken token, String text) {}

    /**
     * Makes a token.
     *
     * @throws ProblemException INVALID when a part of it cannot be; FORBIDDEN when it would reach further than its
     *     maker, or outlive a maker that is itself a token without the right to grant
     */
    public NewToken create(Wish wish, Principal caller) {
        requireProven(caller);
        Instant now = clock.instant();
        String name = checkedName(wish.name());
        if (wish.permissions().isEmpty() || wish.permissions().size() > MOST_PERMISSIONS) {
            throw ProblemException.invalid(
                    "grants",
                    "A token has 1 to " + MOST_PERMISSIONS
                            + " grants, each with a role and a scope, such as {\"role\": \"reader\", \"scope\":"
                            + " \"model:default/iris\"}.");
        }
        Subject self = Subject.parse("owner", caller.name());
        Subject owner = wish.owner().orElse(self);
        if (!owner.equals(self)) {
            access.require(Action.ADMINISTER, Resource.REGISTRY);
            if (owner.kind() != Subject.Kind.SERVICE) {
                throw ProblemException.invalid(
                        "owner", "Tokens in another name are for services: write service:NAME. People log in.");
            }
        }
        for (Permission permission : wish.permissions()) {
            if (!grants.has(caller, permission)) {
                throw Problem.field(
                                ProblemType.FORBIDDEN,
                                "grants",
                                Quoted.of(caller.name()) + " is not allowed to give " + permission
                                        + " to a token, since the caller has less than that. A token never reaches"
                                        + " further than its owner.")
                        .exception();
            }
        }
        Instant expires = wish.expires().orElse(now.plus(USUAL));
        requireEnd(expires, now, caller);
        String text = TokenText.make(TokenText.TOKEN, random);
        AccessToken token = token(text, Kind.TOKEN, name, owner, Optional.of(wish.permissions()), now, expires, 0);
        AccessToken made = keep(token, Actor.of(caller).change(now, ""), "token.create");
        return new NewToken(made, text);
    }

    /**
     * Makes the token of a run of a training job, in the name of the job's owner; the server itself asks for it. As any
     * token, it reaches no further than its owner.
     */
    public NewToken createForRun(String name, Subject owner, List<Permission> permissions, Instant expires) {
        String text = TokenText.make(TokenText.TOKEN, random);
        AccessToken token = token(text, Kind.TOKEN, name, owner, Optional.of(permissions), clock.instant(), expires, 0);
        return new NewToken(keep(token, Actor.SERVER.change(clock.instant(), ""), "token.create"), text);
    }

    /** Ends the token of a run. */
    public void endForRun(String id) {
        endNow(id, Actor.SERVER.change(clock.instant(), "The run has ended."), "token.revoke");
    }

    /** The groups that count for somebody: those of the last log-in, unless that was too long ago. */
    public Set<String> groups(Subject subject) {
        return state.groups(subject.toString());
    }

    private void endNow(String id, Change change, String action) {
        catalog.write(tx -> {
            Optional<AccessToken> token = tx.access().token(id);
            if (token.isPresent() && tx.access().revoke(id, change.at())) {
                audit(tx, change, action, token.get());
            }
            return true;
        });
        state.refresh();
    }

    private void requireEnd(Instant expires, Instant now, Principal caller) {
        if (!expires.isAfter(now) || expires.isAfter(now.plus(LONGEST))) {
            throw ProblemException.invalid(
                    "expires",
                    "A token ends after now and within " + LONGEST.toDays() + " days: write a duration such as 90d, or"
                            + " a time.");
        }
        if (caller.via().credential().equals(Via.JWT)
                && caller.credential().isEmpty()
                && !access.reach(Action.GRANT).anything()) {
            throw Problem.field(
                            ProblemType.FORBIDDEN,
                            "expires",
                            "A signed token of a provider ends soon, and without the role owner or administrator it"
                                    + " makes no token that ends later. Ask an owner to make one, or send the signed"
                                    + " token itself.")
                    .exception();
        }
        Optional<AccessToken> with = catalog.read(tx -> tx.access().token(caller.credential()));
        boolean outlives =
                with.filter(token -> expires.isAfter(token.expiresAt())).isPresent();
        if (outlives && !access.reach(Action.GRANT).anything()) {
            throw Problem.field(
                            ProblemType.FORBIDDEN,
                            "expires",
                            "The token that asks ends at " + with.get().expiresAt()
                                    + ", and a token without the role owner or administrator makes none that ends"
                                    + " later. Log in to make it.")
                    .exception();
        }
    }

    private static String checkedName(String name) {
        if (name.isBlank() || name.length() > LONGEST_NAME || !name.equals(name.strip()) || !Quoted.isPlain(name)) {
            throw ProblemException.invalid(
                    "name",
                    "A token's name has 1 to " + LONGEST_NAME
                            + " printable characters, without spaces at its ends. It stands in the audit log.");
        }
        return name;
    }

    private static void requireProven(Principal caller) {
        if (!caller.proven()) {
            throw Problem.of(
                            ProblemType.REFUSED,
                            "Access control is off on this server, so that it has no tokens. An operator turns it on"
                                    + " with access.mode = on.")
                    .exception();
        }
    }

    private AccessToken token(
            String text,
            Kind kind,
            String name,
            Subject owner,
            Optional<List<Permission>> permissions,
            Instant now,
            Instant expires,
            long idleSeconds) {
        return new AccessToken(
                (kind == Kind.SESSION ? "s-" : "t-") + "%016x".formatted(random.nextLong()),
                0,
                TokenText.Hash.of(text).toString(),
                kind,
                name,
                owner,
                permissions,
                now,
                expires,
                idleSeconds,
                Optional.empty(),
                Optional.empty());
    }

    private AccessToken keep(AccessToken token, Change change, String action) {
        if (state.size() >= MOST_TOKENS) {
            throw Problem.of(
                            ProblemType.REFUSED,
                            "There are " + MOST_TOKENS
                                    + " tokens and sessions already. Revoke those that nobody needs.")
                    .exception();
        }
        if (state.size(token.owner()) >= MOST_OF_ONE) {
            throw Problem.of(
                            ProblemType.REFUSED,
                            Quoted.of(token.owner().toString()) + " has " + MOST_OF_ONE
                                    + " tokens and sessions already. Revoke those that nobody needs, or wait until some"
                                    + " end.")
                    .exception();
        }
        AccessToken made = catalog.write(tx -> {
            AccessToken numbered = token.withNumber(tx.access().nextToken());
            tx.access().insert(numbered);
            audit(tx, change, action, numbered);
            return numbered;
        });
        try {
            state.refresh();
        } catch (RuntimeException later) {
            // The token is kept, and its text is told once: a failure now would lose the text. The next look finds it.
            LOG.debug("a token that was made is known in a moment", later);
        }
        return made;
    }

    private static void audit(CatalogTransaction tx, Change change, String action, AccessToken token) {
        ObjectNode detail = Json.object()
                .put("name", token.name())
                .put("owner", token.owner().toString())
                .put("expires_at", token.expiresAt().toString());
        token.permissions().ifPresent(limited -> {
            ArrayNode list = detail.putArray("grants");
            limited.forEach(one -> list.add(one.toString()));
        });
        tx.audit().append(change, action, "token:" + token.id(), detail);
    }

    /** Tokens, newest first, ended ones too: the caller's own, or all when the caller administers the server. */
    public Page<AccessToken> list(boolean all, long before, int size, Principal caller) {
        requireProven(caller);
        if (all) {
            access.require(Action.ADMINISTER, Resource.REGISTRY);
        }
        Optional<Subject> owner = all ? Optional.empty() : Optional.of(Subject.parse("owner", caller.name()));
        return catalog.read(
                tx -> Page.of(tx.access().tokens(owner, before, size + 1), size, last -> Long.toString(last.number())));
    }

    /** When a token was used last, as far as it is known. */
    public Optional<Instant> used(AccessToken token) {
        return state.used(token.id())
                .filter(at -> at.isAfter(token.createdAt()))
                .or(token::usedAt);
    }

    public AccessToken get(String id, Principal caller) {
        return catalog.read(tx -> require(tx, id, caller));
    }

    /** The token or session that the caller came with. */
    public AccessToken current(Principal caller) {
        return catalog.read(tx -> tx.access().token(caller.credential()))
                .orElseThrow(() -> ProblemException.notFound("There is no such token."));
    }

    /** The token, when it is the caller's or the caller administers the server; else it is not there. */
    private AccessToken require(CatalogTransaction tx, String id, Principal caller) {
        return tx.access()
                .token(id)
                .filter(token -> token.kind() != Kind.SESSION
                        && (token.owner().toString().equals(caller.name())
                                || grants.reach(caller, Action.ADMINISTER).everything()))
                .orElseThrow(() -> ProblemException.notFound("There is no such token."));
    }

    /** A token that was made for little must not end what all else of its owner works with. */
    private void requireNoFurther(AccessToken token, Principal caller) {
        boolean within = token.id().equals(caller.credential())
                || token.permissions()
                        .filter(all -> all.stream().allMatch(one -> grants.has(caller, one)))
                        .isPresent();
        if (!within
                && grants.limits(caller).isPresent()
                && !grants.reach(caller, Action.ADMINISTER).everything()) {
            throw Problem.of(
                            ProblemType.FORBIDDEN,
                            "A token ends itself, and tokens that reach no further than it does. Log in, or ask an"
                                    + " administrator, to end this one.")
                    .exception();
        }
    }

    /**
     * Ends a token: no request that comes after the answer is served with it. To end it again changes nothing.
     *
     * @throws ProblemException NOT_FOUND when there is none that the caller may see; FORBIDDEN when the caller came with
     *     a token that is limited to less
     */
    public void revoke(String id, String reason, Principal caller) {
        requireProven(caller);
        Change change = Actor.of(caller).change(clock.instant(), reason);
        catalog.write(tx -> {
            AccessToken token = require(tx, id, caller);
            requireNoFurther(token, caller);
            if (tx.access().revoke(id, change.at())) {
                audit(tx, change, "token.revoke", token);
            }
            return true;
        });
        state.refresh();
    }

    @Override
    public Made token(ProvenIdentity who, String address) {
        return logIn(who, address, Kind.LOGIN, LOGIN, Duration.ZERO);
    }

    @Override
    public Made session(ProvenIdentity who, String address) {
        return logIn(who, address, Kind.SESSION, sessions.longest(), sessions.idle());
    }

    private Made logIn(ProvenIdentity who, String address, Kind kind, Duration longest, Duration idle) {
        // What cannot be read again must not be kept.
        Subject subject = Subject.parse(
                "subject", Subject.user(who.issuer(), who.subject()).toString());
        Instant now = clock.instant();
        String text = TokenText.make(kind == Kind.SESSION ? TokenText.SESSION : TokenText.TOKEN, random);
        AccessToken token = token(
                text,
                kind,
                kind == Kind.SESSION ? "session" : "login",
                subject,
                Optional.empty(),
                now,
                now.plus(longest),
                idle.toSeconds());
        meet(subject, who, now);
        if (state.disabled(subject)) {
            throw Problem.of(
                            ProblemType.UNAUTHENTICATED,
                            "The log-in was refused. Log in again, or ask an administrator.")
                    .exception();
        }
        Change change = new Change(now, subject.toString(), true, "", new Via("login", address));
        AccessToken made = keep(token, change, kind == Kind.SESSION ? "session.begin" : "login");
        return new Made(made.id(), text, made.expiresAt());
    }

    /** Remembers somebody whom a provider just told of; who was disabled stays disabled. */
    private void meet(Subject subject, ProvenIdentity who, Instant now) {
        catalog.write(tx -> {
            Optional<KnownSubject> before = tx.access().subject(subject);
            tx.access()
                    .put(new KnownSubject(
                            subject,
                            who.shown()
                                    .filter(Quoted::isPlain)
                                    .map(Quoted::plain)
                                    .or(() -> before.map(KnownSubject::shown))
                                    .orElse(""),
                            who.groups(),
                            now,
                            before.flatMap(KnownSubject::disabledAt)));
            return true;
        });
        state.refresh();
    }

    @Override
    public void end(Principal caller, String address) {
        if (!caller.credential().isEmpty()) {
            endNow(caller.credential(), Actor.of(caller).change(clock.instant(), ""), "logout");
        }
    }

    /**
     * Makes the first administrator's token, when there never was a grant: an administrator in the name of {@link
     * Subject#BOOTSTRAP}, for a day.
     *
     * @return its text, for the operator; empty when there was a grant before
     */
    public Optional<String> bootstrap() {
        if (!state.empty()) {
            return Optional.empty();
        }
        return Optional.of(administrator("The first start with access on."));
    }

    /** Makes another administrator's token for a day, for an operator who lost all others. */
    public String administrator(String why) {
        Instant now = clock.instant();
        Change change = Actor.SERVER.change(now, why);
        String text = TokenText.make(TokenText.TOKEN, random);
        AccessToken token = token(
                text, Kind.BOOTSTRAP, "bootstrap", Subject.BOOTSTRAP, Optional.empty(), now, now.plus(BOOTSTRAP), 0);
        catalog.write(tx -> {
            Permission all = new Permission(Role.ADMINISTRATOR, Scope.SERVER);
            boolean has = tx.access().grants(Optional.of(Subject.BOOTSTRAP), Long.MAX_VALUE, 1000).stream()
                    .anyMatch(grant -> grant.permission().equals(all));
            if (!has) {
                long number = tx.access().nextGrant();
                tx.access().insert(number, new Grant("g-" + number, Subject.BOOTSTRAP, all, change));
            }
            tx.access()
                    .subject(Subject.BOOTSTRAP)
                    .filter(KnownSubject::disabled)
                    .ifPresent(known -> enable(tx, known, change));
            AccessToken numbered = token.withNumber(tx.access().nextToken());
            tx.access().insert(numbered);
            audit(tx, change, "token.create", numbered);
            return true;
        });
        state.refresh();
        return text;
    }

    /** An operator who asks for the first token again has the machine: nobody who uses the server can refuse it. */
    private static void enable(CatalogTransaction tx, KnownSubject known, Change change) {
        tx.access()
                .put(new KnownSubject(
                        known.subject(), known.shown(), known.groups(), known.toldAt(), Optional.empty()));
        tx.audit().append(change, "user.enable", known.subject().toString(), Json.object());
    }
}
