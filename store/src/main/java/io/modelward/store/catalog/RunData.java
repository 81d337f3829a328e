package io.modelward.store.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What runs logged: parameters, tags and metrics. */
public interface RunData {

    /**
     * A point of a metric.
     *
     * @param value finite, or NaN
     * @param timestamp milliseconds
     */
    record Point(String key, double value, long timestamp, long step) {}

    /** Where a page of a history ended. */
    record After(long timestamp, long step, boolean nan, double value) {}

    Optional<String> param(String run, String key);

    /** A parameter that the run does not have yet. */
    void insertParam(String run, Entry param);

    Map<String, List<Entry>> params(Collection<String> runs);

    void setTag(String run, Entry tag);

    /** Answers whether it was there. */
    boolean deleteTag(String run, String key);

    Map<String, List<Entry>> tags(Collection<String> runs);

    /** Adds points; those that are there already change nothing. The latest of each key is kept beside them. */
    void insertPoints(String run, List<Point> points);

    /** Of each metric the point of the highest step, then timestamp, then value, in the order of their keys. */
    Map<String, List<Point>> latest(Collection<String> runs);

    /** The points of a metric by timestamp, step and value. */
    List<Point> history(String run, String key, Optional<After> after, int limit);

    /** The steps from {@code first} to {@code last} that a metric has, ascending. */
    List<Long> steps(String run, String key, long first, long last);

    /** The points of these steps, by step and timestamp. */
    List<Point> atSteps(String run, String key, Collection<Long> steps);
}
