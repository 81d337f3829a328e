package io.modelward.store.prediction;

import io.modelward.core.settings.Configuration;

/**
 * Decision records in mapped segment files of the data directory; {@code predictions.segment-records} of 256 bytes each
 * per file.
 */
public final class SegmentPredictionLogProvider implements PredictionLogProvider {

    @Override
    public String type() {
        return "segments";
    }

    @Override
    public Opening read(Configuration configuration) {
        int records = configuration.number("predictions.segment-records", 1 << 16, 16, 1 << 24);
        return (disk, directory, clock) -> new SegmentPredictionLog(disk, directory, records, clock);
    }
}
