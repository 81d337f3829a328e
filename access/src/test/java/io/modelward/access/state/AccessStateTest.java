package io.modelward.access.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.access.identity.ProvenIdentity;
import io.modelward.access.token.LogIns;
import io.modelward.access.token.TokenService;
import io.modelward.access.token.TokenService.Wish;
import io.modelward.core.access.Access;
import io.modelward.core.access.AccessToken;
import io.modelward.core.access.Action;
import io.modelward.core.access.Grant;
import io.modelward.core.access.KnownSubject;
import io.modelward.core.access.Permission;
import io.modelward.core.access.Place;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Resource;
import io.modelward.core.access.Role;
import io.modelward.core.access.Scope;
import io.modelward.core.access.Subject;
import io.modelward.core.audit.Change;
import io.modelward.core.audit.Via;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.version.ModelName;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens, grants and log-ins as two servers on one catalog know them. */
class AccessStateTest {

    private static final Duration STALE = Duration.ofMinutes(5);
    private static final Duration GROUPS = Duration.ofHours(1);
    private static final Subject ANN = Subject.user("https://id.example", "ann");

    @TempDir
    Path directory;

    private final AtomicLong time =
            new AtomicLong(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
    private final AtomicLong nanos = new AtomicLong();
    private SqliteCatalog catalog;
    private Server here;
    private Server there;

    /** What one server has. */
    private final class Server {
        final AccessState state = new AccessState(catalog, this::now, nanos::get, STALE, GROUPS);
        final GrantAuthorizer authorizer = new GrantAuthorizer(state, Server::place);
        final Access access = new Access(authorizer);
        final TokenService tokens = new TokenService(
                access,
                catalog,
                state,
                authorizer,
                new TokenService.Sessions(Duration.ofHours(2), Duration.ofHours(12)),
                this::now,
                new SecureRandom());

        Server() {
            state.refresh();
        }

        Instant now() {
            return Instant.ofEpochMilli(time.get());
        }

        private static Optional<Place> place(Resource resource) {
            return switch (resource) {
                case Resource.Model model ->
                    Optional.of(Place.model(model.name().toString()));
                case Resource.Endpoint endpoint ->
                    Optional.of(Place.endpoint(
                            endpoint.name(),
                            endpoint.name().equals("roses") ? List.of("team/rose", "team/lily") : List.of()));
                default -> Optional.of(Place.SERVER);
            };
        }

        /** Who has the token, as the door makes the caller. */
        Optional<Principal> caller(String text) {
            return state.use(TokenText.TOKEN, text)
                    .or(() -> state.use(TokenText.SESSION, text))
                    .map(token -> new Principal(
                            token.owner().toString(), true, new Via(token.name(), ""), token.id(), Set.of()));
        }

        boolean may(String text, Action action, Resource resource) {
            return caller(text)
                    .map(who -> authorizer.allows(who, action, resource))
                    .orElse(false);
        }
    }

    @BeforeEach
    void open() {
        catalog = SqliteCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        here = new Server();
        there = new Server();
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private void grant(Subject subject, Role role, String scope) {
        catalog.write(tx -> {
            long number = tx.access().nextGrant();
            tx.access()
                    .insert(
                            number,
                            new Grant(
                                    "g-" + number,
                                    subject,
                                    new Permission(role, Scope.parse("scope", scope)),
                                    new Change(Instant.EPOCH, "test", true, "")));
            return true;
        });
        here.state.refresh();
    }

    private LogIns.Made logIn(Set<String> groups) {
        return here.tokens.token(
                new ProvenIdentity("https://id.example", "ann", Optional.of("Ann"), groups, Instant.MAX), "127.0.0.1");
    }

    private static Resource model(String name) {
        return new Resource.Model(ModelName.parse(name));
    }

    private String made(String by, Role role, String scope, Duration left) {
        Principal caller = here.caller(by).orElseThrow();
        return Access.call(
                caller,
                () -> here.tokens
                        .create(
                                new Wish(
                                        "t",
                                        List.of(new Permission(role, Scope.parse("scope", scope))),
                                        Optional.of(here.now().plus(left)),
                                        Optional.empty()),
                                caller)
                        .text());
    }

    @Test
    void the_first_start_makes_one_administrators_token_and_no_other_start_does() {
        String text = here.tokens.bootstrap().orElseThrow();
        assertThat(here.may(text, Action.ADMINISTER, Resource.REGISTRY)).isTrue();
        there.state.refresh();
        assertThat(there.tokens.bootstrap()).isEmpty();
        time.addAndGet(Duration.ofDays(1).toMillis());
        assertThat(here.caller(text)).isEmpty();
    }

    @Test
    void another_server_hears_of_a_token_and_of_its_end_by_its_next_look() {
        String admin = here.tokens.bootstrap().orElseThrow();
        String text = made(admin, Role.READER, "model:iris", Duration.ofDays(9));
        assertThat(there.caller(text)).isEmpty();
        there.state.refresh();
        assertThat(there.may(text, Action.READ, model("iris"))).isTrue();
        assertThat(there.may(text, Action.READ, model("lily"))).isFalse();
        Principal caller = here.caller(text).orElseThrow();
        here.tokens.revoke(caller.credential(), "", caller);
        assertThat(here.caller(text)).isEmpty();
        there.state.refresh();
        assertThat(there.caller(text)).isEmpty();
        assertThatThrownBy(() -> there.authorizer.allows(caller, Action.READ, model("iris")))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.problem().type()).isEqualTo(ProblemType.UNAUTHENTICATED));
    }

    @Test
    void a_token_never_reaches_further_than_its_owner_does_now() {
        grant(Subject.group("ml"), Role.PUBLISHER, "model:team/*");
        String person = logIn(Set.of("ml")).text();
        String token = made(person, Role.READER, "model:team/iris*", Duration.ofHours(1));
        assertThat(here.may(token, Action.READ, model("team/iris-1"))).isTrue();
        assertThat(here.may(token, Action.READ, model("team/lily"))).isFalse();
        assertThat(here.may(token, Action.PUBLISH, model("team/iris-1"))).isFalse();
        assertThatThrownBy(() -> made(person, Role.OWNER, "model:team/iris", Duration.ofHours(1)))
                .hasMessageContaining("has less than that");
        assertThatThrownBy(() -> made(person, Role.READER, "model:*", Duration.ofHours(1)))
                .hasMessageContaining("has less than that");
        // A token may not make one that outlives itself.
        assertThatThrownBy(() -> made(token, Role.READER, "model:team/iris1", Duration.ofHours(2)))
                .hasMessageContaining("ends later");
        // The provider tells of another group at the next log-in: all her tokens lose it.
        logIn(Set.of("sales"));
        assertThat(here.may(token, Action.READ, model("team/iris-1"))).isFalse();
        assertThat(here.caller(token)).isPresent();
    }

    @Test
    void cve_2025_23208_groups_that_a_provider_told_long_ago_give_nothing_any_more() {
        grant(Subject.group("ml"), Role.READER, "*");
        String person = logIn(Set.of("ml")).text();
        assertThat(here.may(person, Action.READ, model("iris"))).isTrue();
        time.addAndGet(GROUPS.toMillis() + 1);
        // What was decided before is remembered for a second at most, which passes by the clock of the machine.
        assertThat(new Server().may(person, Action.READ, model("iris"))).isFalse();
    }

    @Test
    void cve_2026_58422_who_was_disabled_stays_disabled_whoever_vouches_for_them() {
        grant(ANN, Role.READER, "*");
        String person = logIn(Set.of()).text();
        catalog.write(tx -> {
            var known = tx.access().subject(ANN).orElseThrow();
            tx.access()
                    .put(new KnownSubject(ANN, known.shown(), known.groups(), known.toldAt(), Optional.of(here.now())));
            return true;
        });
        here.state.refresh();
        assertThat(here.caller(person)).isEmpty();
        assertThatThrownBy(() -> logIn(Set.of()))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.problem().type()).isEqualTo(ProblemType.UNAUTHENTICATED));
        assertThat(here.state.disabled(ANN)).isTrue();
    }

    @Test
    void a_session_ends_when_it_was_unused_for_long_and_in_any_case_after_its_longest_time() {
        grant(ANN, Role.READER, "*");
        ProvenIdentity ann = new ProvenIdentity("https://id.example", "ann", Optional.empty(), Set.of(), Instant.MAX);
        String idle = here.tokens.session(ann, "").text();
        time.addAndGet(Duration.ofHours(2).toMillis() + 1);
        assertThat(here.caller(idle)).isEmpty();
        String used = here.tokens.session(ann, "").text();
        for (int hour = 0; hour < 11; hour++) {
            time.addAndGet(Duration.ofHours(1).toMillis());
            assertThat(here.caller(used)).isPresent();
        }
        time.addAndGet(Duration.ofHours(1).toMillis());
        assertThat(here.caller(used)).isEmpty();
        here.state.settle();
        assertThat(here.state.size()).isZero();
    }

    @Test
    void a_log_out_ends_a_session_on_every_server() {
        grant(ANN, Role.READER, "*");
        ProvenIdentity ann = new ProvenIdentity("https://id.example", "ann", Optional.empty(), Set.of(), Instant.MAX);
        String session = here.tokens.session(ann, "").text();
        there.state.refresh();
        Principal caller = there.caller(session).orElseThrow();
        here.tokens.end(caller, "");
        there.state.refresh();
        assertThat(there.caller(session)).isEmpty();
    }

    @Test
    void a_server_that_cannot_read_the_catalog_goes_on_for_a_while_and_then_refuses() {
        String text = here.tokens.bootstrap().orElseThrow();
        catalog.close();
        nanos.addAndGet(STALE.toNanos());
        assertThatThrownBy(here.state::refresh).isInstanceOf(RuntimeException.class);
        here.state.requireFresh();
        assertThat(here.caller(text)).isPresent();
        assertThat(here.state.age()).isEqualTo(STALE);
        nanos.incrementAndGet();
        assertThat(here.state.fresh()).isFalse();
        assertThatThrownBy(here.state::requireFresh)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.problem().type()).isEqualTo(ProblemType.UNAVAILABLE));
        catalog = SqliteCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
    }

    @Test
    void roles_on_a_model_hold_at_an_endpoint_when_all_models_that_serve_there_are_covered() {
        grant(ANN, Role.RELEASER, "model:team/rose");
        String person = logIn(Set.of()).text();
        Resource roses = new Resource.Endpoint("roses");
        assertThat(here.may(person, Action.RELEASE, roses)).isFalse();
        grant(ANN, Role.RELEASER, "model:team/l*");
        assertThat(here.may(person, Action.RELEASE, roses)).isTrue();
        assertThat(here.may(person, Action.RELEASE, new Resource.Endpoint("tulips")))
                .isFalse();
        grant(ANN, Role.RELEASER, "endpoint:tul*");
        assertThat(here.may(person, Action.RELEASE, new Resource.Endpoint("Tulips")))
                .isTrue();
    }

    @Test
    void the_text_of_a_token_is_kept_nowhere() {
        String text = here.tokens.bootstrap().orElseThrow();
        assertThat(text).matches("mwt_[0-9A-Za-z]{36}");
        String kept = catalog.read(tx -> tx.rawTables().tables().stream()
                .map(table -> tx.rawTables().rows(table, List.of(), 1000).stream()
                        .map(row -> Arrays.deepToString(row.toArray()))
                        .toList()
                        .toString())
                .toList()
                .toString());
        assertThat(kept).doesNotContain(text).contains(TokenText.Hash.of(text).toString());
        AccessToken token = here.state.use(TokenText.TOKEN, text).orElseThrow();
        assertThat(token.toString()).doesNotContain(text);
        // One character of the checksum is another: no look-up at all.
        char last = text.charAt(text.length() - 1);
        assertThat(TokenText.wellFormed(
                        TokenText.TOKEN, text.substring(0, text.length() - 1) + (last == 'a' ? 'b' : 'a')))
                .isFalse();
    }
}
