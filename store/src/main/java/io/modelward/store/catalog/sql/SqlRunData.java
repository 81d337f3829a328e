package io.modelward.store.catalog.sql;

import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.core.tracking.MetricRange;
import io.modelward.store.catalog.RunData;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record SqlRunData(Handle handle) implements RunData {

    private static final String PARAMS = "params";
    private static final String TAGS = "run_tags";
    private static final String OWNER = "run";

    @Override
    public Optional<String> param(String run, String key) {
        return handle.createQuery("SELECT value FROM params WHERE run = :run AND key = :key")
                .bind("run", run)
                .bind("key", key)
                .mapTo(String.class)
                .findOne();
    }

    @Override
    public void insertParam(String run, KeyValue param) {
        new Sides(handle).set(PARAMS, OWNER, run, param);
    }

    @Override
    public Map<String, List<KeyValue>> params(Collection<String> runs) {
        return entries(runs, PARAMS);
    }

    @Override
    public void setTag(String run, KeyValue tag) {
        new Sides(handle).set(TAGS, OWNER, run, tag);
    }

    @Override
    public boolean deleteTag(String run, String key) {
        return new Sides(handle).delete(TAGS, OWNER, run, key);
    }

    @Override
    public Map<String, List<KeyValue>> tags(Collection<String> runs) {
        return entries(runs, TAGS);
    }

    private Map<String, List<KeyValue>> entries(Collection<String> runs, String table) {
        return new Sides(handle)
                .ofEach(
                        runs,
                        "SELECT * FROM " + table + " WHERE run",
                        "run, key",
                        (row, context) -> row.getString(OWNER),
                        (row, context) -> Columns.entry(row));
    }

    @Override
    public void insertPoints(String run, List<MetricPoint> points) {
        new SqlMetrics(handle).insert(run, points);
    }

    @Override
    public Map<String, List<MetricPoint>> latest(Collection<String> runs) {
        return new Sides(handle)
                .ofEach(
                        runs,
                        "SELECT * FROM latest_metrics WHERE run",
                        "run, key",
                        (row, context) -> row.getString(OWNER),
                        (row, context) -> SqlMetrics.point(row));
    }

    @Override
    public List<MetricPoint> history(String run, String key, Optional<MetricPoint> after, int limit) {
        return new SqlMetrics(handle).history(run, key, after, limit);
    }

    @Override
    public List<Long> steps(String run, String key, long first, long last) {
        return new SqlMetrics(handle).steps(run, key, first, last);
    }

    @Override
    public Optional<List<MetricRange>> ranges(String run, int most) {
        return new SqlMetrics(handle).ranges(run, most);
    }

    @Override
    public List<MetricPoint> spread(String run, String key, int most) {
        return new SqlMetrics(handle).spread(run, key, most);
    }

    @Override
    public List<MetricPoint> atSteps(String run, String key, Collection<Long> steps) {
        return new SqlMetrics(handle).atSteps(run, key, steps);
    }
}
