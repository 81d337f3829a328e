package io.modelward.store.catalog.sql;

import io.modelward.core.tracking.MetricPoint;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;

/** The tables of metrics' points and of the latest ones. */
record SqlMetrics(Handle handle) {

    private static final Comparator<MetricPoint> AGE = Comparator.comparingLong(MetricPoint::step)
            .thenComparingLong(MetricPoint::timestamp)
            .thenComparing((a, b) -> Double.compare(stored(a.value()), stored(b.value())));

    void insert(String run, List<MetricPoint> points) {
        PreparedBatch batch = handle.prepareBatch("INSERT INTO metrics (run, key, timestamp, step, is_nan, value)"
                + " VALUES (:run, :key, :timestamp, :step, :nan, :value) ON CONFLICT DO NOTHING");
        Map<String, MetricPoint> latest = new HashMap<>();
        for (MetricPoint point : points) {
            bind(batch, run, point).add();
            latest.merge(point.key(), point, (one, other) -> AGE.compare(one, other) >= 0 ? one : other);
        }
        if (!points.isEmpty()) {
            batch.execute();
        }
        latest.values().forEach(point -> putLatest(run, point));
    }

    private void putLatest(String run, MetricPoint point) {
        Optional<MetricPoint> now = handle.createQuery("SELECT * FROM latest_metrics WHERE run = :run AND key = :key")
                .bind("run", run)
                .bind("key", point.key())
                .map((row, context) -> point(row))
                .findOne();
        if (now.isPresent() && AGE.compare(now.get(), point) > 0) {
            return;
        }
        bind(
                        handle.createUpdate("INSERT INTO latest_metrics (run, key, timestamp, step, is_nan, value)"
                                + " VALUES (:run, :key, :timestamp, :step, :nan, :value) ON CONFLICT (run, key)"
                                + " DO UPDATE SET"
                                + " timestamp = excluded.timestamp, step = excluded.step, is_nan = excluded.is_nan,"
                                + " value = excluded.value"),
                        run,
                        point)
                .execute();
    }

    private static <S extends SqlStatement<S>> S bind(S statement, String run, MetricPoint point) {
        return statement
                .bind("run", run)
                .bind("key", point.key())
                .bind("timestamp", point.timestamp())
                .bind("step", point.step())
                .bind("nan", Double.isNaN(point.value()) ? 1 : 0)
                .bind("value", stored(point.value()));
    }

    private static double stored(double value) {
        return Double.isNaN(value) ? 0 : value;
    }

    List<MetricPoint> history(String run, String key, Optional<MetricPoint> after, int limit) {
        String beyond =
                after.isEmpty() ? "" : " AND (timestamp, step, is_nan, value) > (:timestamp, :step, :nan, :value)";
        Query query = handle.createQuery("SELECT * FROM metrics WHERE run = :run AND key = :key" + beyond
                        + " ORDER BY timestamp, step, is_nan, value LIMIT :limit")
                .bind("run", run)
                .bind("key", key)
                .bind("limit", limit);
        after.ifPresent(point -> query.bind("timestamp", point.timestamp())
                .bind("step", point.step())
                .bind("nan", Double.isNaN(point.value()) ? 1 : 0)
                .bind("value", stored(point.value())));
        return query.map((row, context) -> point(row)).list();
    }

    List<Long> steps(String run, String key, long first, long last) {
        return handle.createQuery("SELECT DISTINCT step FROM metrics WHERE run = :run AND key = :key"
                        + " AND step >= :first AND step <= :last ORDER BY step")
                .bind("run", run)
                .bind("key", key)
                .bind("first", first)
                .bind("last", last)
                .mapTo(Long.class)
                .list();
    }

    List<MetricPoint> atSteps(String run, String key, Collection<Long> steps) {
        Bindings bindings = new Bindings();
        String list = bindings.list(steps);
        return bindings.bind(handle.createQuery("SELECT * FROM metrics WHERE run = :run AND key = :key AND step IN "
                        + list + " ORDER BY step, timestamp, is_nan, value"))
                .bind("run", run)
                .bind("key", key)
                .map((row, context) -> point(row))
                .list();
    }

    static MetricPoint point(ResultSet row) throws SQLException {
        return new MetricPoint(
                row.getString("key"),
                row.getLong("is_nan") == 1 ? Double.NaN : row.getDouble("value"),
                row.getLong("timestamp"),
                row.getLong("step"));
    }
}
