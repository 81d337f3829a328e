package io.modelward.store.catalog.sql;

import io.modelward.store.catalog.RawTables;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

record SqlRawTables(Handle handle) implements RawTables {

    /**
     * Those that are referred to first. The history of migrations, the name of the registry and what one kind of
     * database keeps for itself are not among them.
     */
    private static final List<String> NAMES = List.of(
            "blobs",
            "models",
            "versions",
            "version_files",
            "version_states",
            "version_origins",
            "drafts",
            "draft_files",
            "aliases",
            "alias_moves",
            "model_tags",
            "version_tags",
            "endpoints",
            "route_revisions",
            "endpoint_deletions",
            "rollouts",
            "evidence",
            "evidence_keys",
            "quarantines",
            "audit",
            "audit_head",
            "experiments",
            "experiment_tags",
            "runs",
            "params",
            "run_tags",
            "metrics",
            "latest_metrics",
            "datasets",
            "run_datasets",
            "run_models",
            "logged_models",
            "logged_model_params",
            "logged_model_tags",
            "logged_model_metrics",
            "artifacts",
            "artifact_seals",
            "webhooks",
            "webhook_events",
            "webhook_deliveries",
            "jobs",
            "job_runs",
            "job_run_versions",
            "reproductions",
            "job_blobs",
            "access_revision",
            "access_subjects",
            "access_grants",
            "access_tokens",
            "access_creators",
            "notices",
            "notification_channels",
            "notification_messages",
            "notification_deliveries",
            "notification_groups",
            "retention_rules",
            "version_holds",
            "version_parents",
            "version_tombstones");

    @Override
    public List<Table> tables() {
        List<Table> tables = new ArrayList<>();
        try {
            for (String name : NAMES) {
                tables.add(table(handle.getConnection(), name));
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
        return tables;
    }

    private static Table table(Connection connection, String name) throws SQLException {
        DatabaseMetaData metadata = connection.getMetaData();
        List<String> columns = new ArrayList<>();
        try (ResultSet found = metadata.getColumns(null, connection.getSchema(), name, "%")) {
            while (found.next()) {
                columns.add(found.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
            }
        }
        TreeMap<Integer, String> key = new TreeMap<>();
        try (ResultSet found = metadata.getPrimaryKeys(null, connection.getSchema(), name)) {
            while (found.next()) {
                key.put(found.getInt("KEY_SEQ"), found.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
            }
        }
        // The order of columns is that of their names, since other databases were made by other steps.
        columns.sort(null);
        return new Table(name, columns, List.copyOf(key.values()));
    }

    @Override
    public void clear() {
        NAMES.reversed().forEach(name -> handle.execute("DELETE FROM " + name));
    }

    @Override
    public long count(Table table) {
        return handle.createQuery("SELECT count(*) FROM " + table.name())
                .mapTo(Long.class)
                .one();
    }

    @Override
    public List<List<@Nullable Object>> rows(Table table, List<@Nullable Object> after, int limit) {
        String key = String.join(", ", table.key());
        String places =
                IntStream.range(0, table.key().size()).mapToObj(i -> ":k" + i).collect(Collectors.joining(", "));
        Query query = handle.createQuery("SELECT " + String.join(", ", table.columns()) + " FROM " + table.name()
                        + (after.isEmpty() ? "" : " WHERE (" + key + ") > (" + places + ")") + " ORDER BY " + key
                        + " LIMIT :limit")
                .bind("limit", limit);
        for (int i = 0; i < after.size(); i++) {
            query.bind("k" + i, after.get(i));
        }
        return query.map((row, context) -> values(row, table.columns().size())).list();
    }

    private static List<@Nullable Object> values(ResultSet row, int columns) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
            Object value = row.getObject(i);
            values.add(value instanceof Integer number ? (Object) number.longValue() : value);
        }
        return values;
    }

    @Override
    public void put(Table table, List<List<@Nullable Object>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        String rest = table.columns().stream()
                .filter(column -> !table.key().contains(column))
                .map(column -> column + " = excluded." + column)
                .collect(Collectors.joining(", "));
        PreparedBatch batch = handle.prepareBatch("INSERT INTO " + table.name() + " ("
                + String.join(", ", table.columns()) + ") VALUES (:"
                + String.join(", :", table.columns()) + ") ON CONFLICT (" + String.join(", ", table.key()) + ") DO "
                + (rest.isEmpty() ? "NOTHING" : "UPDATE SET " + rest));
        for (List<@Nullable Object> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                batch.bind(table.columns().get(i), row.get(i));
            }
            batch.add();
        }
        batch.execute();
    }
}
