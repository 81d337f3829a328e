package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.search.DatasetScope;
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

class SqliteLoggedModelsTest extends LoggedModelsSuite {

    private static final int MODELS = 10_000;
    private static final long SLOW_MILLIS = 250;

    @TempDir
    Path directory;

    @Override
    protected Catalog open() {
        return SqliteCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
    }

    @Tag("simulation")
    @Test
    void ten_thousand_models_are_ordered_by_a_metric_in_milliseconds() {
        SplittableRandom random = new SplittableRandom(1);
        write(models -> {
            for (int i = 0; i < MODELS; i++) {
                String id = "%016x".formatted(random.nextLong());
                models.insert(model(id, i));
                models.measure(id, acc(random.nextDouble(), 1, "r", "wine"));
                models.measure(id, acc(random.nextDouble(), 2, "r", ""));
            }
        });
        for (DatasetScope[] scope :
                List.of(new DatasetScope[0], new DatasetScope[] {new DatasetScope("wine", Optional.of("d"))})) {
            long best = Long.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                long start = System.nanoTime();
                assertThat(found("metrics.acc > 0.5", metric(scope))).hasSize(100);
                best = Math.min(best, System.nanoTime() - start);
            }
            System.out.printf(
                    "order of %d models by a metric, datasets %d: %.1f ms%n", MODELS, scope.length, best / 1e6);
            assertThat(best / 1_000_000).isLessThan(SLOW_MILLIS);
        }
    }
}
