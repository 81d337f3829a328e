package io.modelward.app;

import io.modelward.store.postgres.PostgresServer;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** The same ends of the process with the catalog in PostgreSQL. */
@Tag("process")
class PostgresCrashTest extends CrashTest {

    private static final PostgresServer SERVER = PostgresServer.shared(PostgresServer.OLDER);

    private final String database = SERVER.create();

    /** What lies between the server and its catalog; the rest is the disk's. */
    static List<String> failpoints() {
        return List.of(
                "publish.before-audit:1",
                "publish.before-audit:3",
                "alias.before-audit:2",
                "catalog.before-commit:4",
                "catalog.before-commit:7",
                "catalog.after-commit:3",
                "catalog.after-commit:9",
                "disk.link:2");
    }

    @Override
    String settings() {
        return "catalog.url=" + SERVER.url(database) + "\ncatalog.password="
                + PostgresServer.PASSWORD.replace("\\", "\\\\") + "\n";
    }
}
