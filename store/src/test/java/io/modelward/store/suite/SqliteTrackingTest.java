package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteTrackingTest extends TrackingSuite {

    private static final int RUNS = 10_000;
    /** Far above what an index needs, far below what sorting and reading all runs of a page each would. */
    private static final long SLOW_MILLIS = 250;

    @TempDir
    Path directory;

    @Override
    protected Catalog open() {
        return SqliteCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
    }

    @Tag("simulation")
    @Test
    void ten_thousand_runs_are_searched_by_a_metric_in_milliseconds() {
        SplittableRandom random = new SplittableRandom(1);
        write(tx -> {
            for (int i = 0; i < RUNS; i++) {
                String id = "%032x".formatted(random.nextLong());
                tx.runs().insert(run(id, i));
                tx.runData()
                        .insertPoints(
                                id,
                                List.of(
                                        new MetricPoint("acc", random.nextDouble(), 1, 0),
                                        new MetricPoint("loss", random.nextDouble(), 1, 0)));
                tx.runData().insertParam(id, new KeyValue("depth", Integer.toString(i % 9)));
            }
        });
        time("order by metric", "", List.of("metrics.acc DESC"));
        time("filter by metric", "metrics.acc > 0.99", List.of("start_time DESC"));
        time("both", "metrics.acc > 0.9", List.of("metrics.acc DESC"));
        time(
                "two metrics and a parameter",
                "metrics.acc > 0.9 AND metrics.loss < 0.1 AND params.depth = '3'",
                List.of("metrics.acc"));
    }

    private void time(String what, String filter, List<String> order) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            var found = catalog.read(tx -> tx.runs().search(search(filter, order, Optional.empty(), 100)));
            best = Math.min(best, System.nanoTime() - start);
            assertThat(found.items()).isNotEmpty();
        }
        System.out.printf("search of %d runs, %s: %.1f ms%n", RUNS, what, best / 1e6);
        assertThat(best / 1_000_000).as(what).isLessThan(SLOW_MILLIS);
    }
}
