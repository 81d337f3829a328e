package io.modelward.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.version.EndpointName;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.model.ModelReviver;
import io.modelward.gateway.predict.Predictor;
import io.modelward.gateway.predict.Request;
import io.modelward.gateway.route.ArmMetrics;
import io.modelward.gateway.route.EndpointService;
import io.modelward.gateway.route.Mover;
import io.modelward.gateway.route.RouteRestorer;
import io.modelward.gateway.route.RouteTable;
import io.modelward.store.failpoint.Failpoints;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Versions that cannot be loaded for a while, served by several endpoints: nobody waits for ever, and all come back.
 */
class FailedModelTest extends GatewayTest {

    private static final Access EVERYONE = new Access(Authorizer.EVERYONE);

    private static final List<String> VERSIONS = List.of("1.0.0", "1.1.0", "1.2.0");
    private static final List<String> ENDPOINTS = List.of("a", "b", "c", "d");

    private final AtomicLong nanos = new AtomicLong();
    private ModelReviver reviver;

    /** Starts the gateway anew on the same catalog, as a restart of the server does. */
    private void restart() {
        pool.close();
        pool = new ModelPool(runtime, lookup);
        table = new RouteTable(pool, new ArmMetrics(metrics));
        endpoints = new EndpointService(EVERYONE, catalog, table);
        mover = new Mover(EVERYONE, catalog, pool, table, endpoints, InstantSource.system(), Failpoints.NONE);
        predictor = new Predictor(EVERYONE, table, log, InstantSource.system(), metrics, Runnable::run);
        reviver = new ModelReviver(pool, nanos::get);
        new RouteRestorer(catalog, pool, table).restore();
        pool.all()
                .forEach(model ->
                        model.running().ready().exceptionally(failed -> null).join());
    }

    /** What an endpoint answers: text, or the problem's type. Fails when the endpoint says nothing for two seconds. */
    private String ask(String endpoint) throws Exception {
        try {
            return CompletableFuture.supplyAsync(
                            () -> predictor.predict(Request.of(endpoint, ROW)).join())
                    .thenApply(prediction -> new String(prediction.answer().whole(), StandardCharsets.UTF_8))
                    .get(2, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            while (cause instanceof CompletionException && cause.getCause() != null) {
                cause = cause.getCause();
            }
            return cause instanceof ProblemException problem
                    ? problem.problem().type().name()
                    : "unexpected " + cause;
        }
    }

    private Optional<Problem> flip(String endpoint, String version) {
        try {
            mover.move(EndpointName.parse(endpoint), move("flip", Optional.of(version), OptionalLong.empty(), false));
            return Optional.empty();
        } catch (ProblemException refused) {
            return Optional.of(refused.problem());
        }
    }

    /** Lets the reviver look until nothing more comes of it; time flies meanwhile. */
    private void revive() {
        for (int look = 0; look < 20; look++) {
            nanos.addAndGet(TimeUnit.MINUTES.toNanos(10));
            reviver.look();
            pool.all()
                    .forEach(model -> model.running()
                            .ready()
                            .exceptionally(failed -> null)
                            .join());
            sleep();
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(8);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void a_second_endpoint_on_a_version_that_failed_is_answered_when_the_version_is_loaded_for_another()
            throws Exception {
        flip("a", "1.0.0");
        flip("b", "1.0.0");
        runtime.unloadable.add("default/iris@1.0.0");
        restart();
        assertThat(ask("a")).isEqualTo("UNAVAILABLE");
        assertThat(flip("c", "1.0.0")).isPresent();
        assertThat(ask("a")).isEqualTo("UNAVAILABLE");
        runtime.unloadable.clear();
        assertThat(flip("c", "1.0.0")).isEmpty();
        assertThat(ask("a")).isEqualTo("[\"default/iris@1.0.0\"]");
        assertThat(ask("b")).isEqualTo("[\"default/iris@1.0.0\"]");
    }

    @Test
    void a_flip_to_the_version_that_serves_and_failed_loads_the_version_again() throws Exception {
        flip("a", "1.0.0");
        runtime.unloadable.add("default/iris@1.0.0");
        restart();
        assertThat(flip("a", "1.0.0").orElseThrow().type()).isEqualTo(ProblemType.REFUSED);
        runtime.unloadable.clear();
        assertThat(flip("a", "1.0.0")).isEmpty();
        assertThat(ask("a")).isEqualTo("[\"default/iris@1.0.0\"]");
        assertThat(endpoints.get(EndpointName.parse("a")).revision().revision()).isEqualTo(1);
    }

    @Test
    void an_endpoint_whose_version_failed_comes_back_by_itself() throws Exception {
        flip("a", "1.0.0");
        runtime.unloadable.add("default/iris@1.0.0");
        restart();
        revive();
        assertThat(ask("a")).as("while the reason is there").isEqualTo("UNAVAILABLE");
        runtime.unloadable.clear();
        revive();
        assertThat(ask("a")).isEqualTo("[\"default/iris@1.0.0\"]");
        assertThat(runtime.running.get()).isEqualTo(1);
    }

    @Test
    void whatever_fails_and_whoever_moves_every_request_ends_and_nothing_is_kept_that_nobody_holds() throws Exception {
        for (int seed = 0; seed < 6; seed++) {
            Random random = new Random(seed);
            runtime.unloadable.clear();
            restart();
            for (int step = 0; step < 40; step++) {
                String endpoint = ENDPOINTS.get(random.nextInt(ENDPOINTS.size()));
                String version = VERSIONS.get(random.nextInt(VERSIONS.size()));
                switch (random.nextInt(8)) {
                    case 0, 1 -> flip(endpoint, version);
                    case 2 -> runtime.unloadable.add("default/iris@" + version);
                    case 3 -> runtime.unloadable.remove("default/iris@" + version);
                    case 4 -> {
                        if (random.nextInt(4) == 0) {
                            restart();
                        }
                    }
                    case 5 -> {
                        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
                        reviver.look();
                    }
                    default ->
                        assertThat(ask(endpoint))
                                .as("seed %d, step %d", seed, step)
                                .doesNotContain("unexpected");
                }
            }
            runtime.unloadable.clear();
            revive();
            for (String endpoint : ENDPOINTS) {
                if (table.get(endpoint) != null) {
                    assertThat(ask(endpoint))
                            .as("seed %d, endpoint %s", seed, endpoint)
                            .startsWith("[\"default/iris@1.");
                }
            }
            assertThat(pool.holders()).isEqualTo(table.all().size());
            assertThat(runtime.running.get()).isEqualTo(pool.all().size()).isLessThanOrEqualTo(VERSIONS.size());
            assertThat(runtime.violations).isEmpty();
        }
    }

    @Test
    void a_version_that_no_runtime_runs_now_keeps_no_other_endpoint_away() throws Exception {
        flip("a", "1.0.0");
        flip("b", "1.1.0");
        flip("c", "1.1.0");
        flip("c", "1.2.0");
        runtime.onStart = reference -> {
            if (reference.contains("1.1.0")) {
                throw ProblemException.refused("files", "This version cannot be served here.");
            }
        };
        restart();
        assertThat(ask("a")).contains("1.0.0");
        assertThat(ask("b")).isEqualTo("NOT_FOUND");
        assertThat(ask("c")).contains("1.2.0");
        assertThat(table.get("c").previous()).isEmpty();
        assertThat(flip("b", "1.0.0")).isEmpty();
        assertThat(ask("b")).contains("1.0.0");
    }
}
