package io.modelward.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.access.state.AccessState;
import io.modelward.access.state.GrantAuthorizer;
import io.modelward.access.token.TokenService;
import io.modelward.core.access.Access;
import io.modelward.core.access.AccessToken;
import io.modelward.core.access.KnownSubject;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Subject;
import io.modelward.core.audit.Via;
import io.modelward.core.job.JobRunState;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import io.modelward.registry.Actor;
import io.modelward.registry.publish.PublishRequest.Number;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a run can do with its token, where access control is off and where it is on. */
class RunTokensTest extends JobsFixture {

    private static final ModelName LILY = ModelName.parse("lily");
    private static final ModelName ROSE = ModelName.parse("rose");
    private static final Number NEXT = new Number.Next(Optional.empty());

    private boolean there(ModelName model) {
        return catalog.read(tx -> tx.models().find(model)).isPresent();
    }

    /** A run at work; answers the caller that it is. */
    private Principal begin(Server server) {
        server.services.jobs.start(WEEKLY, ADA, "");
        server.round();
        return server.tokens.callerOf(server.runner.last().token()).orElseThrow();
    }

    @Test
    void a_run_makes_no_model_of_another_name_and_not_its_own_anew() {
        make(Map.of());
        Server server = servers.getFirst();
        Principal run = begin(server);
        assertThatThrownBy(() -> Access.call(run, () -> server.registry.drafts.create(LILY, ADA)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("its own model only, which is called default/iris now");
        assertThatThrownBy(() -> Access.call(run, () -> server.registry.models.create(LILY, "", List.of(), ADA)))
                .hasMessageContaining("its own model only");
        assertThat(there(LILY)).isFalse();
        server.registry.models.delete(IRIS, ADA, "");
        assertThatThrownBy(() -> Access.call(run, () -> server.registry.drafts.create(IRIS, ADA)))
                .hasMessageContaining("The model of the job weekly was deleted");
        assertThat(there(IRIS)).isFalse();
        server.registry.models.create(IRIS, "another model", List.of(), ADA);
        assertThatThrownBy(() -> Access.call(run, () -> server.registry.drafts.create(IRIS, ADA)))
                .hasMessageContaining("The model of the job weekly was deleted");
    }

    @Test
    void a_run_whose_model_is_renamed_meanwhile_is_told_the_name_and_publishes_under_it() throws Exception {
        make(Map.of());
        Server server = servers.getFirst();
        Principal run = begin(server);
        server.registry.models.rename(IRIS, ROSE, ADA, "");
        assertThatThrownBy(() -> server.publish(run, IRIS, "second", accuracy(0.9), NEXT))
                .hasMessageContaining("which is called default/rose now");
        assertThat(there(IRIS)).isFalse();
        assertThat(server.publish(run, ROSE, "second", accuracy(0.9), NEXT)).isEqualTo("1.1.0");
        String id = runs().getFirst().id();
        server.runner.last().end(0);
        assertThat(server.ended(id).run().progress().outcome()).isEqualTo("It published 1.1.0.");
    }

    @Test
    void a_token_is_known_as_the_runs_by_every_server_and_publishes_nothing_once_the_run_is_lost() throws Exception {
        make(Map.of("require", "[\"accuracy >= 0.9\"]"));
        Server dead = servers.getFirst();
        begin(dead);
        String token = dead.runner.last().token();
        Server other = new Server(2);
        assertThat(other.publish(token, "worse", accuracy(0.5))).isEqualTo("1.1.0-held.1");
        other.round();
        other.pass(Duration.ofSeconds(31));
        other.round();
        assertThat(runs().getFirst().progress().state()).isEqualTo(JobRunState.LOST);
        for (Server server : List.of(dead, other, new Server(2))) {
            assertThatThrownBy(() -> server.publish(token, "better", accuracy(0.99)))
                    .hasMessageContaining("The run has ended");
        }
        assertThat(other.tokens.callerOf("mwt_" + "0".repeat(36))).isEmpty();
    }

    /** A server with access control, where Ada is known by her provider. */
    private final class Guarded {
        final Subject ada = Subject.user("https://id.example.org", "ada");
        final AccessState state;
        final Server server;

        Guarded() throws Exception {
            Server first = servers.getFirst();
            state = new AccessState(
                    catalog, () -> first.now, () -> first.nanos, Duration.ofDays(9), Duration.ofHours(12));
            catalog.write(tx -> {
                tx.access().put(new KnownSubject(ada, "Ada", Set.of("trainers"), first.now, Optional.empty()));
                return true;
            });
            state.refresh();
            GrantAuthorizer grants = new GrantAuthorizer(state, resource -> Optional.empty());
            TokenService made = new TokenService(
                    EVERYONE,
                    catalog,
                    state,
                    grants,
                    new TokenService.Sessions(Duration.ofHours(2), Duration.ofHours(12)),
                    () -> first.now,
                    new SecureRandom());
            server = new Server(2, EVERYONE, Optional.of(made));
        }

        Actor actor() {
            return Actor.of(new Principal(ada.toString(), true, Via.NONE, "", Set.of()));
        }

        AccessToken token() {
            String run = runs().getFirst().id();
            return catalog.read(tx ->
                    tx.access().token(tx.jobs().credential(run).orElseThrow()).orElseThrow());
        }
    }

    @Test
    void a_token_covers_the_building_of_the_environment_and_is_revoked_with_a_lost_run() throws Exception {
        Guarded guarded = new Guarded();
        make(Map.of("timeout", "\"1h\""), guarded.actor());
        guarded.server.services.jobs.start(WEEKLY, guarded.actor(), "");
        guarded.server.round();
        AccessToken token = guarded.token();
        assertThat(token.expiresAt()).isEqualTo(guarded.server.now.plus(Duration.ofHours(25)));
        assertThat(token.revokedAt()).isEmpty();
        Principal caller = new Principal(guarded.ada.toString(), true, Via.NONE, token.id(), Set.of());
        assertThatThrownBy(() -> Access.call(caller, () -> guarded.server.registry.drafts.create(LILY, ADA)))
                .hasMessageContaining("its own model only");
        Guarded other = new Guarded();
        other.server.round();
        other.server.pass(Duration.ofSeconds(31));
        other.server.round();
        assertThat(runs().getFirst().progress().state()).isEqualTo(JobRunState.LOST);
        assertThat(guarded.token().revokedAt()).isPresent();
        assertThatThrownBy(() -> Access.call(caller, () -> guarded.server.registry.drafts.create(IRIS, ADA)))
                .hasMessageContaining("The run has ended");
    }

    @Test
    void a_rollout_has_the_rights_that_the_owner_has_by_groups() throws Exception {
        Guarded guarded = new Guarded();
        make(Map.of("rollout", "\"canary\""), guarded.actor());
        guarded.server.services.jobs.start(WEEKLY, guarded.actor(), "");
        guarded.server.round();
        String run = runs().getFirst().id();
        Principal caller = new Principal(
                guarded.ada.toString(), true, Via.NONE, guarded.token().id(), Set.of());
        guarded.server.publish(caller, IRIS, "second", accuracy(0.95), NEXT);
        guarded.server.runner.last().end(0);
        guarded.server.ended(run);
        assertThat(guarded.token().revokedAt()).isPresent();
        assertThat(rolledOutBy)
                .containsExactly(new Principal(guarded.ada.toString(), true, Via.NONE, "", Set.of("trainers")));
    }
}
