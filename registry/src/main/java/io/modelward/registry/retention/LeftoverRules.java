package io.modelward.registry.retention;

import java.time.Duration;
import java.util.Optional;

/**
 * For how long the server keeps what is no version; empty: for ever.
 *
 * @param runs deleted runs and logged models, after their deletion
 * @param predictions the records of predictions
 */
public record LeftoverRules(Optional<Duration> runs, Optional<Duration> predictions) {

    /** Everything is kept. */
    public static final LeftoverRules NONE = new LeftoverRules(Optional.empty(), Optional.empty());
}
