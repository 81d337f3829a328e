package io.modelward.store.catalog.sqlite;

import io.modelward.core.version.ModelName;
import io.modelward.core.version.Skeleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/**
 * Gives every model the skeleton of its name, so that a name which people would take for it is found by an index. SQL
 * cannot compute skeletons. Models whose names collide already keep them.
 */
final class NameSkeletons implements JavaMigration {

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("7");
    }

    @Override
    public String getDescription() {
        return "name skeletons";
    }

    @Override
    public @Nullable Integer getChecksum() {
        return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) throws SQLException {
        Connection connection = context.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE models ADD COLUMN skeleton TEXT NOT NULL DEFAULT ''");
            statement.execute("ALTER TABLE models ADD COLUMN namespace_skeleton TEXT NOT NULL DEFAULT ''");
            fill(connection, statement);
            statement.execute("CREATE INDEX models_by_skeleton ON models (skeleton) WHERE active = 1");
            statement.execute(
                    "CREATE INDEX namespaces_by_skeleton ON models (namespace_skeleton, namespace) WHERE active = 1");
        }
    }

    private static void fill(Connection connection, Statement statement) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                        "UPDATE models SET skeleton = ?, namespace_skeleton = ? WHERE id = ?");
                ResultSet models = statement.executeQuery("SELECT id, model FROM models")) {
            while (models.next()) {
                ModelName name = ModelName.parse(models.getString("model"));
                update.setString(1, name.skeleton());
                update.setString(2, Skeleton.of(name.namespace()));
                update.setLong(3, models.getLong("id"));
                update.addBatch();
            }
            update.executeBatch();
        }
    }
}
