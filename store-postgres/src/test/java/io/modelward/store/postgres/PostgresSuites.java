package io.modelward.store.postgres;

import io.modelward.store.catalog.Catalog;
import io.modelward.store.suite.AccessSuite;
import io.modelward.store.suite.ArtifactsSuite;
import io.modelward.store.suite.BlobRowsSuite;
import io.modelward.store.suite.CatalogSuite;
import io.modelward.store.suite.JobsSuite;
import io.modelward.store.suite.LoggedModelsSuite;
import io.modelward.store.suite.NotificationsSuite;
import io.modelward.store.suite.RegistrySuite;
import io.modelward.store.suite.ReproductionsSuite;
import io.modelward.store.suite.RetentionSuite;
import io.modelward.store.suite.RolloutsSuite;
import io.modelward.store.suite.TrackingSuite;
import io.modelward.store.suite.WebhooksSuite;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** Every suite of the catalog, on one release of PostgreSQL. */
@Tag("process")
abstract class PostgresSuites {

    private final PostgresServer server;

    PostgresSuites(String version) {
        this.server = PostgresServer.shared(version);
    }

    @Nested
    class Catalogs extends CatalogSuite {
        private final String database = Databases.fresh(server);

        @Override
        protected Catalog open() {
            return Databases.open(server, database);
        }
    }

    @Nested
    class Access extends AccessSuite {
        private final String database = Databases.fresh(server);

        @Override
        protected Catalog open() {
            return Databases.open(server, database);
        }
    }

    @Nested
    class Registry extends RegistrySuite {
        private final String database = Databases.fresh(server);

        @Override
        protected Catalog open() {
            return Databases.open(server, database);
        }
    }

    @Nested
    class Rollouts extends RolloutsSuite {
        private final String database = Databases.fresh(server);

        @Override
        protected Catalog open() {
            return Databases.open(server, database);
        }
    }

    @Nested
    class Tracking extends TrackingSuite {
        private final String database = Databases.fresh(server);

        @Override
        protected Catalog open() {
            return Databases.open(server, database);
        }
    }

    @Nested
    class LoggedModels extends LoggedModelsSuite {
        private final String database = Databases.fresh(server);

        @Override
        protected Catalog open() {
            return Databases.open(server, database);
        }
    }

    @Nested
    class Artifacts extends ArtifactsSuite {
        private final String database = Databases.fresh(server);

        @Override
        protected Catalog open() {
            return Databases.open(server, database);
        }
    }

    @Nested
    class Webhooks extends WebhooksSuite {
        private final String database = Databases.fresh(server);

        @Override
        protected Catalog open() {
            return Databases.open(server, database);
        }
    }

    @Nested
    class Jobs extends JobsSuite {
        private final String database = Databases.fresh(server);

        @Override
        protected Catalog open() {
            return Databases.open(server, database);
        }
    }

    @Nested
    class Reproductions extends ReproductionsSuite {
        private final String database = Databases.fresh(server);

        @Override
        protected Catalog open() {
            return Databases.open(server, database);
        }
    }

    @Nested
    class Notifications extends NotificationsSuite {
        private final String database = Databases.fresh(server);

        @Override
        protected Catalog open() {
            return Databases.open(server, database);
        }
    }

    @Nested
    class Retention extends RetentionSuite {
        private final String database = Databases.fresh(server);

        @Override
        protected Catalog open() {
            return Databases.open(server, database);
        }
    }

    @Nested
    class BlobRows extends BlobRowsSuite {
        private final String database = Databases.fresh(server);

        @Override
        protected Catalog open() {
            return Databases.open(server, database);
        }
    }
}
