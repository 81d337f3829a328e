package io.modelward.app;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import io.modelward.core.time.Durations;
import io.modelward.registry.assembly.Keeping;
import io.modelward.registry.retention.LeftoverRules;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of retention.
 *
 * @param automatic whether the server runs the rules by itself
 * @param interval how often it does
 */
record RetentionSettings(Keeping keeping, boolean automatic, Duration interval) {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LEAST_GRACE = Duration.ofSeconds(1);
    private static final Duration LEAST_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LEAST_AGE = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(3650);

    static RetentionSettings read(Configuration configuration) {
        Duration window = configuration
                .text("retention.undelete-window")
                .map(text -> window("retention.undelete-window", text))
                .orElse(Keeping.DEFAULT.window());
        Duration grace = within(
                "storage.gc-grace", configuration.duration("storage.gc-grace", Keeping.DEFAULT.grace()), LEAST_GRACE);
        Duration interval =
                within("retention.interval", configuration.duration("retention.interval", DAY), LEAST_INTERVAL);
        boolean automatic =
                configuration.text("retention.automatic").isEmpty() || configuration.flag("retention.automatic");
        return new RetentionSettings(
                new Keeping(
                        window,
                        grace,
                        new LeftoverRules(
                                age(configuration, "retention.runs"), age(configuration, "retention.predictions"))),
                automatic,
                interval);
    }

    /** Unlike other durations, it may be 0: bytes are given up by the next collection then. */
    private static Duration window(String key, String text) {
        try {
            return within(key, Durations.parse(text, key), Duration.ZERO);
        } catch (ProblemException malformed) {
            throw new StartRefused(malformed.problem().detail());
        }
    }

    /** Without the setting, all is kept. */
    private static Optional<Duration> age(Configuration configuration, String key) {
        return configuration.text(key).map(_ -> within(key, configuration.duration(key, LONGEST), LEAST_AGE));
    }

    private static Duration within(String key, Duration value, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw new StartRefused(key + " is " + Durations.write(least) + " to " + Durations.write(LONGEST) + ".");
        }
        return value;
    }
}
