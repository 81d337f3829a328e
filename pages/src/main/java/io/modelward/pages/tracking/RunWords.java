package io.modelward.pages.tracking;

import io.modelward.core.tracking.Run;
import io.modelward.core.tracking.RunStatus;
import io.modelward.pages.frame.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Runs in the words of pages. */
public final class RunWords {

    /** A part of a metric's name that says that smaller values are better. */
    private static final Pattern SMALLER = Pattern.compile(
            "(?i)(^|[^a-z])(\\w*loss|\\w*error|err|rmse|mse|mae|mape|rmsle|brier|perplexity|ppl|wer|cer|latency|duration"
                    + "|seconds|millis|time)([^a-z]|$)");

    private RunWords() {}

    public static String link(String run) {
        return "/ui/runs/" + Words.segment(run);
    }

    public static String source(String run) {
        return "/api/v1/runs/" + Words.segment(run);
    }

    public static String experimentLink(long experiment) {
        return "/ui/experiments/" + experiment;
    }

    /** The page of a file or folder of a run. */
    public static String artifactLink(String run, String path) {
        return link(run) + "/artifacts" + (path.isEmpty() ? "" : "/" + Words.path(path));
    }

    /** The name of a run; its id where nobody gave the run one. */
    public static String name(Run run) {
        return run.name().isBlank() ? run.id() : run.name();
    }

    /** As the API has it: {@code finished}. */
    public static String status(Run run) {
        return run.status().name().toLowerCase(Locale.ROOT);
    }

    /** The colour of the status' badge. */
    public static String tone(Run run) {
        return switch (run.status()) {
            case FINISHED -> "good";
            case FAILED, KILLED -> "bad";
            case RUNNING, SCHEDULED -> "info";
        };
    }

    /** How long a run took, or takes until now; empty where its times make no sense. */
    public static Optional<String> duration(Run run, Instant now) {
        if (run.endTime().isEmpty() && run.status() != RunStatus.RUNNING) {
            return Optional.empty();
        }
        long millis = run.endTime().orElse(now.toEpochMilli()) - run.startTime();
        if (millis < 0 || run.startTime() <= 0) {
            return Optional.empty();
        }
        return Optional.of(length(millis));
    }

    /** A length of time with two units, since runs are compared by it: {@code 3 min 12 s}. */
    static String length(long millis) {
        if (millis < 1000) {
            return millis + " ms";
        }
        Duration time = Duration.ofMillis(millis);
        if (time.toSeconds() < 60) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        if (time.toHours() < 1) {
            return time.toMinutes() + " min " + time.toSecondsPart() + " s";
        }
        return time.toDays() < 2
                ? time.toHours() + " h " + time.toMinutesPart() + " min"
                : time.toDays() + " d " + time.toHoursPart() + " h";
    }

    /** A moment that a client wrote down. */
    public static Instant at(long millis) {
        return Instant.ofEpochMilli(millis);
    }

    /** Whether the name of a metric says that smaller values are better. */
    public static boolean smallerIsBetter(String metric) {
        return SMALLER.matcher(metric).find();
    }
}
