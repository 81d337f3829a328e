package io.modelward.store.catalog.sql;

import io.modelward.core.tracking.MetricPoint;
import io.modelward.core.tracking.MetricRange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
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

    /** How many points a metric has, and between which steps and times. */
    private record Extent(long points, long step, long lastStep, long time, long lastTime) {

        /** How far the points lie apart by the column; 0 where that is no number of 64 bits. */
        private long length(boolean bySteps) {
            long length = bySteps ? lastStep - step : lastTime - time;
            return Math.max(0, length);
        }
    }

    /**
     * The axis is cut into pieces, and the points that begin a piece are taken. The database leaves the others out, so
     * that long histories are walked and not read.
     */
    List<MetricPoint> spread(String run, String key, int most) {
        Extent extent = handle.createQuery("SELECT COUNT(*) AS points, MIN(step) AS a, MAX(step) AS b,"
                        + " MIN(timestamp) AS c, MAX(timestamp) AS d FROM metrics WHERE run = :run AND key = :key")
                .bind("run", run)
                .bind("key", key)
                .map((row, context) -> new Extent(
                        row.getLong("points"), row.getLong("a"), row.getLong("b"), row.getLong("c"), row.getLong("d")))
                .one();
        boolean bySteps = extent.length(true) > 0;
        long length = extent.length(bySteps);
        if (extent.points() <= most || length == 0) {
            return history(run, key, Optional.empty(), most);
        }
        String axis = bySteps ? "step" : "timestamp";
        List<MetricPoint> points = handle.createQuery("SELECT * FROM metrics WHERE run = :run AND key = :key AND ("
                        + axis + " = :last OR " + axis + " = :first OR (" + axis + " - :first) / :piece <> (" + axis
                        + " - :first - :gap) / :piece) ORDER BY timestamp, step, is_nan, value")
                .bind("run", run)
                .bind("key", key)
                .bind("first", bySteps ? extent.step() : extent.time())
                .bind("last", bySteps ? extent.lastStep() : extent.lastTime())
                .bind("piece", Math.max(1, length / most))
                .bind("gap", Math.max(1, length / (extent.points() - 1)))
                .map((row, context) -> point(row))
                .list();
        return thinned(points, most + 2);
    }

    private static List<MetricPoint> thinned(List<MetricPoint> points, int most) {
        return points.size() <= most
                ? points
                : IntStream.range(0, most)
                        .mapToObj(i -> points.get((int) ((long) i * (points.size() - 1) / (most - 1))))
                        .toList();
    }

    Optional<List<MetricRange>> ranges(String run, int most) {
        long points = handle.createQuery("SELECT COUNT(*) FROM (SELECT 1 AS one FROM metrics WHERE run = :run"
                        + " LIMIT :most) AS counted")
                .bind("run", run)
                .bind("most", most + 1L)
                .mapTo(Long.class)
                .one();
        if (points > most) {
            return Optional.empty();
        }
        return Optional.of(handle.createQuery("SELECT key, COUNT(*) AS points,"
                        + " MIN(CASE WHEN is_nan = 0 THEN value END) AS least,"
                        + " MAX(CASE WHEN is_nan = 0 THEN value END) AS most"
                        + " FROM metrics WHERE run = :run GROUP BY key ORDER BY key")
                .bind("run", run)
                .map((row, context) -> new MetricRange(
                        row.getString("key"),
                        row.getLong("points"),
                        row.getObject("least") == null ? Double.NaN : row.getDouble("least"),
                        row.getObject("most") == null ? Double.NaN : row.getDouble("most")))
                .list());
    }

    static MetricPoint point(ResultSet row) throws SQLException {
        return new MetricPoint(
                row.getString("key"),
                row.getLong("is_nan") == 1 ? Double.NaN : row.getDouble("value"),
                row.getLong("timestamp"),
                row.getLong("step"));
    }
}
