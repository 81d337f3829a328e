package io.modelward.access.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.access.grant.GrantService;
import io.modelward.access.grant.UserService;
import io.modelward.access.identity.ProvenIdentity;
import io.modelward.access.state.AccessState;
import io.modelward.access.state.GrantAuthorizer;
import io.modelward.access.state.TokenText;
import io.modelward.core.access.Access;
import io.modelward.core.access.AccessToken;
import io.modelward.core.access.Authorizer;
import io.modelward.core.access.Grant;
import io.modelward.core.access.Permission;
import io.modelward.core.access.Place;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Role;
import io.modelward.core.access.Scope;
import io.modelward.core.access.Subject;
import io.modelward.core.audit.Change;
import io.modelward.core.audit.Via;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a narrow token, one owner or one administrator must not be able to do to the others. */
class NarrowTokenTest {

    private static final Subject ANN = Subject.user("https://id.example", "ann");
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    Path directory;

    private SqliteCatalog catalog;
    private AccessState state;
    private GrantAuthorizer authorizer;
    private TokenService tokens;
    private GrantService grants;

    @BeforeEach
    void open() {
        catalog = SqliteCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        state = new AccessState(catalog, CLOCK, System::nanoTime, Duration.ofMinutes(5), Duration.ofHours(1));
        authorizer = new GrantAuthorizer(state, resource -> Optional.of(Place.SERVER));
        Access access = new Access(authorizer);
        tokens = new TokenService(
                access,
                catalog,
                state,
                authorizer,
                new TokenService.Sessions(Duration.ofHours(2), Duration.ofHours(12)),
                CLOCK,
                new SecureRandom());
        grants = new GrantService(access, catalog, state, authorizer, CLOCK);
        state.refresh();
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private static Permission permission(Role role, String scope) {
        return new Permission(role, Scope.parse("scope", scope));
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
                                    permission(role, scope),
                                    new Change(Instant.EPOCH, "test", true, "")));
            return true;
        });
        state.refresh();
    }

    private Principal caller(String text) {
        return state.use(TokenText.TOKEN, text)
                .map(token ->
                        new Principal(token.owner().toString(), true, new Via(token.name(), ""), token.id(), Set.of()))
                .orElseThrow();
    }

    private String logIn() {
        return tokens.token(
                        new ProvenIdentity("https://id.example", "ann", Optional.of("Ann"), Set.of(), Instant.MAX), "")
                .text();
    }

    private TokenService.NewToken made(Principal caller, Role role, String scope) {
        return Access.call(
                caller,
                () -> tokens.create(
                        new TokenService.Wish(
                                "t",
                                List.of(permission(role, scope)),
                                Optional.of(CLOCK.instant().plus(Duration.ofHours(1))),
                                Optional.empty()),
                        caller));
    }

    private static void refused(ProblemType type, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.problem().type()).isEqualTo(type));
    }

    @Test
    void a_signed_token_makes_no_token_that_outlives_it_unless_it_may_grant() {
        grant(ANN, Role.PUBLISHER, "model:team/*");
        Principal job = new Principal(ANN.toString(), true, new Via(Via.JWT, ""), "", Set.of());
        refused(ProblemType.FORBIDDEN, () -> made(job, Role.PUBLISHER, "model:team/iris"));
        grant(ANN, Role.OWNER, "model:team/*");
        assertThat(made(job, Role.PUBLISHER, "model:team/iris").text()).startsWith("mwt_");
    }

    @Test
    void one_owner_with_many_tokens_takes_no_log_in_from_the_others() {
        Principal ann = caller(logIn());
        catalog.write(tx -> {
            for (int i = 0; i < 1000; i++) {
                String text = TokenText.make(TokenText.TOKEN, new SecureRandom());
                tx.access()
                        .insert(new AccessToken(
                                "t-" + i,
                                tx.access().nextToken(),
                                TokenText.Hash.of(text).toString(),
                                AccessToken.Kind.TOKEN,
                                "t",
                                ANN,
                                Optional.of(List.of(permission(Role.READER, "model:iris"))),
                                CLOCK.instant(),
                                CLOCK.instant().plus(Duration.ofDays(1)),
                                0,
                                Optional.empty(),
                                Optional.empty()));
            }
            return true;
        });
        state.refresh();
        refused(ProblemType.REFUSED, this::logIn);
        Access.as(ann, () -> tokens.revoke("t-7", "", ann));
        tokens.revoke("t-8", "", ann);
        assertThat(logIn()).startsWith("mwt_");
        assertThat(tokens.session(
                                new ProvenIdentity(
                                        "https://id.example", "bob", Optional.empty(), Set.of(), Instant.MAX),
                                "")
                        .text())
                .startsWith("mws_");
    }

    @Test
    void the_grant_of_the_first_token_and_of_the_disabled_leave_no_administrator() {
        Principal first = caller(tokens.bootstrap().orElseThrow());
        Subject gone = Subject.parse("subject", "service:gone");
        grant(ANN, Role.ADMINISTRATOR, "*");
        grant(gone, Role.ADMINISTRATOR, "*");
        Access access = new Access(authorizer);
        UserService users = new UserService(access, catalog, state, CLOCK);
        Access.call(first, () -> users.disable(gone, true, "", first));
        String ann = state.grants(ANN.toString()).getFirst().id();
        refused(ProblemType.CONFLICT, () -> grants.remove(ann, "", first));
        Access.call(first, () -> users.disable(gone, false, "", first));
        grants.remove(ann, "", first);
        assertThat(state.grants(ANN.toString())).isEmpty();
    }

    @Test
    void an_operator_gets_a_token_that_works_also_when_the_first_one_was_disabled() {
        grant(ANN, Role.ADMINISTRATOR, "*");
        Principal ann = caller(logIn());
        UserService users = new UserService(new Access(authorizer), catalog, state, CLOCK);
        Access.call(ann, () -> users.disable(Subject.BOOTSTRAP, true, "", ann));
        Principal again = caller(tokens.administrator("lost"));
        assertThat(again.name()).isEqualTo(Subject.BOOTSTRAP.toString());
    }

    @Test
    void nobody_is_disabled_or_enabled_while_access_control_is_off() {
        UserService users = new UserService(new Access(Authorizer.EVERYONE), catalog, state, CLOCK);
        refused(ProblemType.REFUSED, () -> users.disable(ANN, true, "", Principal.claimed("mallory")));
        assertThat(catalog.<Boolean>read(tx -> tx.access().subject(ANN).isEmpty()))
                .isTrue();
    }
}
