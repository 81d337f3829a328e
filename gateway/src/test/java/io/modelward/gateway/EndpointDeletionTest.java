package io.modelward.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.gateway.predict.Prediction;
import io.modelward.gateway.predict.Request;
import io.modelward.gateway.route.EndpointRemover;
import io.modelward.gateway.route.EndpointSnapshot;
import io.modelward.gateway.route.RouteRestorer;
import io.modelward.gateway.trace.TraceService.Interval;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Deleting endpoints, and creating them again, on a real catalog and a fake runtime. */
class EndpointDeletionTest extends GatewayTest {

    private void delete() {
        remover.delete(IRIS, OptionalLong.empty(), ADA, "retired");
    }

    @Test
    void a_deleted_endpoint_is_not_found_and_its_models_end() {
        put("1.0.0");
        put("1.1.0");
        assertThat(answer()).contains("1.1.0");
        delete();
        assertThat(problem(() -> predictor.predict(Request.of("iris", ROW))).type())
                .isEqualTo(ProblemType.NOT_FOUND);
        assertThat(problem(() -> endpoints.get(IRIS)).extra()).containsEntry("missing", "endpoint");
        assertThat(endpoints.list()).isEmpty();
        assertThat(pool.all()).as("models in memory").isEmpty();
        assertThat(problem(this::delete).type()).as("a second time").isEqualTo(ProblemType.NOT_FOUND);
    }

    @Test
    void a_version_that_another_endpoint_serves_stays_loaded() {
        put("1.0.0");
        EndpointName other = EndpointName.parse("other");
        mover.move(other, move("flip", Optional.of("1.0.0"), OptionalLong.empty(), false));
        delete();
        assertThat(pool.all()).hasSize(1);
        assertThat(predictor.predict(Request.of("other", ROW)).join().answer().whole())
                .asString()
                .contains("1.0.0");
    }

    @Test
    void what_answered_is_traced_after_the_deletion_and_after_the_name_is_used_again() {
        put("1.0.0");
        Prediction first = predictor.predict(Request.of("iris", ROW)).join();
        delete();
        var trace = serving.trace.trace(first.id().toString(), false);
        assertThat(trace.decision().arm().version()).isEqualTo(SemVer.parse("1.0.0"));
        assertThat(trace.live())
                .singleElement()
                .satisfies(live -> assertThat(live.to())
                        .as("it was live until the deletion")
                        .isPresent());
        put("1.1.0");
        Prediction second = predictor.predict(Request.of("iris", ROW)).join();
        put("1.0.0");
        assertThat(serving.trace.trace(first.id().toString(), false).live())
                .extracting(Interval::revision)
                .containsExactly(1L, 3L);
        assertThat(serving.trace
                        .trace(second.id().toString(), false)
                        .decision()
                        .arm()
                        .version())
                .isEqualTo(SemVer.parse("1.1.0"));
    }

    @Test
    void an_endpoint_that_is_created_again_goes_on_counting_and_does_not_go_back_behind_the_deletion() {
        put("1.0.0");
        put("1.1.0");
        delete();
        // Another contract: nobody relies on the one of the deleted endpoint.
        var view = put("2.0.0");
        assertThat(view.created()).isTrue();
        assertThat(view.revision().revision()).isEqualTo(3);
        assertThat(view.revision().cause()).isEqualTo("create");
        assertThat(problem(() -> mover.move(IRIS, move("rollback", Optional.empty(), OptionalLong.empty(), false)))
                        .detail())
                .contains("nothing to roll back to");
        assertThat(endpoints.revisions(IRIS, Long.MAX_VALUE, 10).items()).hasSize(3);
    }

    @Test
    void a_restart_brings_back_no_deleted_endpoint_and_of_one_made_again_nothing_from_before() {
        put("1.0.0");
        delete();
        new RouteRestorer(catalog, pool, table).restore();
        assertThat(table.all()).isEmpty();
        put("1.1.0");
        assertThat(table.get("iris").previous()).isEmpty();
        new RouteRestorer(catalog, pool, table).restore();
        assertThat(table.get("iris").previous()).isEmpty();
    }

    @Test
    void a_late_answer_of_the_catalog_does_not_bring_it_back() {
        put("1.0.0");
        EndpointSnapshot late = table.get("iris");
        delete();
        table.publish(late);
        assertThat(table.get("iris")).isNull();
        assertThat(pool.all()).isEmpty();
        put("1.0.0");
        assertThat(answer()).contains("1.0.0");
    }

    @Test
    void a_move_that_was_decided_before_the_deletion_does_not_bring_it_back() {
        put("1.0.0");
        runtime.onStart = model -> {
            if (model.contains("1.1.0")) {
                runtime.onStart = _ -> {};
                delete();
            }
        };
        Problem refused = problem(() -> put("1.1.0"));
        assertThat(refused.type()).isEqualTo(ProblemType.NOT_FOUND);
        assertThat(table.get("iris")).isNull();
        assertThat(pool.all()).isEmpty();
    }

    @Test
    void who_expects_another_revision_deletes_nothing() {
        put("1.0.0");
        put("1.1.0");
        Problem refused = problem(() -> remover.delete(IRIS, OptionalLong.of(1), ADA, ""));
        assertThat(refused.type()).isEqualTo(ProblemType.CONFLICT);
        assertThat(refused.extra().get("current").toString()).contains("revision=2");
        remover.delete(IRIS, OptionalLong.of(2), ADA, "");
    }

    @Test
    void a_version_that_a_deleted_endpoint_served_may_be_deleted() {
        put("1.0.0");
        Selector first = Selector.parse("1.0.0");
        ModelName iris = ModelName.parse("iris");
        assertThat(problem(() -> services.versionStates.delete(iris, first, ADA, ""))
                        .type())
                .isEqualTo(ProblemType.CONFLICT);
        delete();
        services.versionStates.delete(iris, first, ADA, "");
    }

    /** Keeps what is written and loses the answer. */
    private record Lossy(Catalog catalog) implements Catalog {

        @Override
        public <T> T read(Function<CatalogTransaction, T> unit) {
            return catalog.read(unit);
        }

        @Override
        public <T> T write(Function<CatalogTransaction, T> unit) {
            var _ = catalog.write(unit);
            throw Problem.of(ProblemType.UNAVAILABLE, "the connection is lost").exception();
        }

        @Override
        public void close() {}
    }

    @Test
    void a_deletion_that_was_kept_and_whose_answer_was_lost_is_finished_when_it_is_asked_again() {
        put("1.0.0");
        EndpointRemover lossy =
                new EndpointRemover(new Access(Authorizer.EVERYONE), new Lossy(catalog), table, InstantSource.system());
        assertThat(problem(() -> lossy.delete(IRIS, OptionalLong.empty(), ADA, ""))
                        .type())
                .isEqualTo(ProblemType.UNAVAILABLE);
        assertThat(problem(this::delete).type()).isEqualTo(ProblemType.NOT_FOUND);
        assertThat(table.get("iris")).isNull();
        assertThat(pool.all()).isEmpty();
    }
}
