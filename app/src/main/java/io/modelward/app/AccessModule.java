package io.modelward.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.modelward.access.grant.GrantService;
import io.modelward.access.grant.UserService;
import io.modelward.access.identity.JwtVerifier;
import io.modelward.access.state.AccessState;
import io.modelward.access.state.CatalogPlaces;
import io.modelward.access.state.GrantAuthorizer;
import io.modelward.access.token.LogIns;
import io.modelward.access.token.TokenService;
import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Authorizer;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Reach;
import io.modelward.core.access.Resource;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import io.modelward.server.access.CredentialAuthenticator;
import io.modelward.server.api.AccessDoor;
import io.modelward.server.http.Authenticator;
import io.modelward.server.http.ClaimedName;
import io.modelward.server.http.HttpRoute;
import io.modelward.store.assembly.Storage;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may do what: tokens, grants, users. While access control is off, everyone may do everything. */
final class AccessModule extends Module {

    private static final Logger LOG = LoggerFactory.getLogger(AccessModule.class);

    private static final long LOOK_MILLIS = 250;
    private static final long SETTLE_SECONDS = 30;
    /** Tokens and sessions that ended so long ago are forgotten; the audit log has them still. */
    private static final Duration KEPT = Duration.ofDays(90);

    private static final int FORGOTTEN_AT_ONCE = 1000;

    private final boolean on;
    private final boolean again;
    private final Duration stale;
    private final Duration groupsLast;
    private final TokenService.Sessions sessions;
    private final Access access;
    private volatile @Nullable GrantAuthorizer grants;
    private @Nullable AccessState state;
    private @Nullable TokenService tokens;
    private @Nullable Services services;
    private @Nullable AccessDoor door;
    private Optional<String> bootstrap = Optional.empty();

    /** @param given who decides while access control is off */
    AccessModule(Configuration configuration, Authorizer given) {
        String mode = configuration.text("access.mode").orElse("off");
        if (!mode.equals("on") && !mode.equals("off")) {
            throw new StartRefused("access.mode is on or off.");
        }
        this.on = mode.equals("on");
        String first = configuration.text("access.bootstrap").orElse("first");
        if (!first.equals("first") && !first.equals("again")) {
            throw new StartRefused("access.bootstrap is first (a token at the first start) or again (at each start).");
        }
        this.again = first.equals("again");
        this.stale = configuration.duration("access.stale", Duration.ofMinutes(5));
        this.groupsLast = configuration.duration("access.groups-last", Duration.ofHours(12));
        this.sessions = new TokenService.Sessions(
                configuration.duration("access.session.idle", Duration.ofHours(2)),
                configuration.duration("access.session.longest", Duration.ofHours(12)));
        this.access = new Access(on ? new Granted() : given);
    }

    /** What services ask. */
    Access access() {
        return access;
    }

    /** Whether access control is on. */
    boolean on() {
        return on;
    }

    /** Decides by the grants, from the moment at which they were read. */
    private final class Granted implements Authorizer {

        private GrantAuthorizer grants() {
            return Objects.requireNonNull(grants);
        }

        @Override
        public boolean allows(Principal principal, Action action, Resource resource) {
            return grants().allows(principal, action, resource);
        }

        @Override
        public Reach reach(Principal principal, Action action) {
            return grants().reach(principal, action);
        }

        @Override
        public boolean sees(Principal principal, Resource resource) {
            return grants().sees(principal, resource);
        }

        @Override
        public List<String> givers(Resource resource) {
            return grants().givers(resource);
        }
    }

    /**
     * Reads who may do what, and makes the first administrator's token when nobody ever was one.
     *
     * @param models of an endpoint: the names of the models that serve there now
     */
    void open(Storage storage, InstantSource clock, Function<String, List<String>> models) {
        AccessState known = new AccessState(storage.catalog(), clock, System::nanoTime, stale, groupsLast);
        GrantAuthorizer authorizer =
                new GrantAuthorizer(known, new CatalogPlaces(storage.catalog(), storage.predictions(), models));
        TokenService made =
                new TokenService(access, storage.catalog(), known, authorizer, sessions, clock, new SecureRandom());
        this.state = known;
        this.grants = authorizer;
        this.tokens = made;
        GrantService given = new GrantService(access, storage.catalog(), known, authorizer, clock);
        UserService people = new UserService(access, storage.catalog(), known, clock);
        this.services = new Services(made, given, people);
        this.door = new AccessDoor(made, given, people, on);
        if (!on) {
            return;
        }
        known.refresh();
        bootstrap = again
                ? Optional.of(made.administrator("Asked for by the setting access.bootstrap."))
                : made.bootstrap();
        ScheduledExecutorService schedule = Executors.newScheduledThreadPool(
                2, Thread.ofPlatform().daemon().name("access-", 0).factory());
        own(schedule::shutdownNow);
        var _ = schedule.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        var _ = schedule.scheduleWithFixedDelay(this::settle, SETTLE_SECONDS, SETTLE_SECONDS, TimeUnit.SECONDS);
        var _ = schedule.scheduleWithFixedDelay(() -> forget(storage, clock.instant()), 1, 1, TimeUnit.HOURS);
    }

    private void look() {
        try {
            state().refresh();
        } catch (RuntimeException | Error failure) {
            // Also after an error, as of memory: a task that throws would never be run again.
            LOG.debug("who may do what is read again in a moment", failure);
        }
    }

    private void settle() {
        try {
            state().settle();
        } catch (RuntimeException | Error failure) {
            LOG.debug("when tokens were used is kept later", failure);
        }
    }

    private static void forget(Storage storage, Instant now) {
        try {
            storage.catalog().write(tx -> tx.access().forgetEnded(now.minus(KEPT), FORGOTTEN_AT_ONCE));
        } catch (RuntimeException | Error failure) {
            LOG.debug("tokens that ended long ago are forgotten in an hour", failure);
        }
    }

    /** What there is to know of tokens and grants. */
    AccessState state() {
        return Objects.requireNonNull(state);
    }

    /** As {@link #state}; empty while access control is off. */
    Optional<AccessState> known() {
        return on ? Optional.of(state()) : Optional.empty();
    }

    /** What callers do with tokens, grants and users. */
    record Services(TokenService tokens, GrantService grants, UserService users) {}

    Services services() {
        return Objects.requireNonNull(services);
    }

    /** What log-ins lead to. */
    LogIns logIns() {
        return Objects.requireNonNull(tokens);
    }

    /** The text of the first administrator's token, when this start made it. */
    Optional<String> bootstrap() {
        return bootstrap;
    }

    /** @param jwts checks signed tokens of identity providers */
    Authenticator authenticator(JwtVerifier jwts) {
        return on ? new CredentialAuthenticator(state(), jwts) : new ClaimedName();
    }

    @Override
    void routes(HttpRoute.Table routes) {
        Objects.requireNonNull(door).open(routes);
    }

    @Override
    void measure(MeterRegistry meters) {
        Gauge.builder("modelward.access.age", state(), known -> on ? known.age().toMillis() / 1000.0 : 0)
                .baseUnit("seconds")
                .description("For how long the server could not read who may do what")
                .register(meters);
        Gauge.builder("modelward.access.tokens", state(), AccessState::size)
                .description("Tokens and sessions that are valid")
                .register(meters);
    }
}
