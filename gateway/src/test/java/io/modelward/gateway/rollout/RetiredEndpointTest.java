package io.modelward.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.SemVer;
import io.modelward.gateway.route.EndpointRemover;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RetiredEndpointTest extends RolloutFixture {

    private void delete() {
        new EndpointRemover(
                        new Access(Authorizer.EVERYONE),
                        house.catalog,
                        house.table,
                        () -> Instant.ofEpochMilli(house.wall))
                .delete(GatewayFixture.IRIS, OptionalLong.empty(), GatewayFixture.ADA, "retired");
    }

    @Test
    void an_endpoint_is_not_deleted_before_its_rollout_has_ended() {
        String id = begin(QUICK);
        Problem refused = problem(ProblemType.CONFLICT, this::delete);
        assertThat(refused.extra()).containsEntry("rollout", id);
        assertThat(house.table.get("iris")).isNotNull();
        house.rollouts.abort(id, GatewayFixture.ADA, "to retire the endpoint");
        house.tick(200);
        delete();
        assertThat(house.table.get("iris")).isNull();
        assertThat(house.pool.all()).isEmpty();
        house.restart();
        house.tick(50);
        assertThat(house.table.get("iris")).isNull();
    }

    @Test
    void an_endpoint_that_is_created_again_does_not_serve_a_version_in_quarantine_before_the_release() {
        String id = begin(QUICK);
        house.runtime.failing.put(CANDIDATE, 1.0);
        until(id, RolloutState.ROLLED_BACK);
        delete();
        assertThat(problem(ProblemType.CONFLICT, () -> house.serve("1.1.0")).extra())
                .containsEntry("quarantined_by", id);
        assertThat(house.table.get("iris")).isNull();
        assertThat(house.rollouts.quarantines(GatewayFixture.IRIS)).hasSize(1);
        house.rollouts.release(GatewayFixture.IRIS, SemVer.parse("1.1.0"), GatewayFixture.ADA, "the data was wrong");
        house.serve("1.1.0");
        assertThat(serving()).isEqualTo("1.1.0");
        problem(ProblemType.NOT_FOUND, () -> house.rollouts.quarantines(EndpointName.parse("never")));
    }
}
