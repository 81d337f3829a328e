package io.modelward.store.catalog;

import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.core.tracking.MetricRange;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What runs logged: parameters, tags and metrics. */
public interface RunData {

    Optional<String> param(String run, String key);

    /** A parameter that the run does not have yet. */
    void insertParam(String run, KeyValue param);

    Map<String, List<KeyValue>> params(Collection<String> runs);

    void setTag(String run, KeyValue tag);

    /** Answers whether it was there. */
    boolean deleteTag(String run, String key);

    Map<String, List<KeyValue>> tags(Collection<String> runs);

    /** Adds points; those that are there already change nothing. The latest of each key is kept beside them. */
    void insertPoints(String run, List<MetricPoint> points);

    /** Of each metric the point of the highest step, then timestamp, then value, in the order of their keys. */
    Map<String, List<MetricPoint>> latest(Collection<String> runs);

    /**
     * The points of a metric by timestamp, step and value.
     *
     * @param after the last point of the page before
     */
    List<MetricPoint> history(String run, String key, Optional<MetricPoint> after, int limit);

    /** The steps from {@code first} to {@code last} that a metric has, ascending. */
    List<Long> steps(String run, String key, long first, long last);

    /**
     * What each metric of a run went through; empty when the run has more than {@code most} points of all metrics
     * together.
     */
    Optional<List<MetricRange>> ranges(String run, int most);

    /**
     * Points of a metric in the order of their history: all, or about {@code most} that are spread evenly over them, the
     * first and the last with them.
     */
    List<MetricPoint> spread(String run, String key, int most);

    /** The points of these steps, by step and timestamp. */
    List<MetricPoint> atSteps(String run, String key, Collection<Long> steps);
}
