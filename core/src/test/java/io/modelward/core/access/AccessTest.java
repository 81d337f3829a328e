package io.modelward.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.version.ModelName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccessTest {

    private static final Principal ANN = Principal.claimed("ann");
    private static final Resource IRIS = new Resource.Model(ModelName.of("default", "iris"));
    private static final Access ONLY_ANN_READS =
            new Access((principal, action, resource) -> principal.equals(ANN) && action == Action.READ);

    @Test
    void a_refusal_names_the_caller_the_action_and_the_resource() {
        Access.as(ANN, () -> ONLY_ANN_READS.require(Action.READ, IRIS));
        assertThatThrownBy(() -> Access.as(ANN, () -> ONLY_ANN_READS.require(Action.PUBLISH, IRIS)))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.problem().type()).isEqualTo(ProblemType.FORBIDDEN);
                    assertThat(refused.problem().detail())
                            .contains("\"ann\"", "publish versions of the model default/iris", "(publish)");
                });
        assertThat(Access.<Boolean, RuntimeException>call(ANN, () -> ONLY_ANN_READS.allows(Action.READ, IRIS)))
                .isTrue();
        assertThat(Access.<Boolean, RuntimeException>call(ANN, () -> ONLY_ANN_READS.allows(Action.DELETE, IRIS)))
                .isFalse();
    }

    @Test
    void without_a_caller_a_question_is_refused_and_the_authorizer_is_not_asked() {
        List<Principal> asked = new ArrayList<>();
        Access careless = new Access((principal, action, resource) -> asked.add(principal));
        assertThatThrownBy(() -> careless.require(Action.READ, IRIS))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.problem().type()).isEqualTo(ProblemType.FORBIDDEN);
                    assertThat(refused.problem().detail()).contains("READ", "the model default/iris");
                });
        assertThat(careless.allows(Action.READ, IRIS)).isFalse();
        assertThat(asked).isEmpty();
    }

    @Test
    void where_everyone_may_do_everything_nobody_has_to_be_known() {
        Access open = new Access(Authorizer.EVERYONE);
        for (Action action : Action.values()) {
            open.require(action, Resource.REGISTRY);
            assertThat(open.allows(action, Resource.REGISTRY)).isTrue();
        }
    }

    @Test
    void the_caller_ends_with_the_work_and_is_not_seen_by_another_thread() throws Exception {
        List<Optional<Principal>> seen = new ArrayList<>();
        Access.call(ANN, () -> {
            Thread other = Thread.ofVirtual().start(() -> seen.add(Access.caller()));
            other.join();
            return seen.add(Access.caller());
        });
        assertThat(seen).containsExactly(Optional.empty(), Optional.of(ANN));
        assertThatThrownBy(() -> Access.call(ANN, () -> {
                    throw new IOException("it failed");
                }))
                .isInstanceOf(IOException.class);
        assertThat(Access.caller()).isEmpty();
    }

    @Test
    void a_caller_within_a_caller_is_the_inner_one_until_the_inner_work_ends() {
        Access.as(ANN, () -> {
            Access.as(Principal.SERVER, () -> assertThat(Access.caller()).contains(Principal.SERVER));
            assertThat(Access.caller()).contains(ANN);
        });
    }
}
