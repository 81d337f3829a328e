package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteArtifactsTest extends ArtifactsSuite {

    private static final int FILES = 40_000;
    /** Reading all files takes longer than this on any machine; stepping over them a hundredth of it. */
    private static final long SLOW_MILLIS = 30;

    @TempDir
    Path directory;

    @Override
    protected Catalog open() {
        return SqliteCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
    }

    @Tag("simulation")
    @Test
    void a_folder_is_listed_without_reading_all_that_lies_deeper() {
        write(artifacts -> {
            for (int i = 0; i < FILES; i++) {
                artifacts.put(file("run/big" + i % 3 + "/" + i));
            }
            artifacts.put(file("run/small"));
        });
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            int children =
                    read(artifacts -> artifacts.children(path("run"), "", 100).size());
            assertThat(children).isEqualTo(4);
            best = Math.min(best, System.nanoTime() - start);
        }
        System.out.printf("list of a folder with %d files below it: %.2f ms%n", FILES, best / 1e6);
        assertThat(best / 1_000_000).isLessThan(SLOW_MILLIS);
    }
}
