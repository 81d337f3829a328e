package io.modelward.store.suite;

import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteReproductionsTest extends ReproductionsSuite {

    @TempDir
    Path directory;

    @Override
    protected Catalog open() {
        return SqliteCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
    }
}
