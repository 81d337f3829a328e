package io.modelward.registry.retention;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.registry.Actor;
import io.modelward.store.prediction.PredictionLog.OldSegment;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rules of the server for what is no version: deleted runs and logged models, and records of predictions. */
public final class LeftoverService {

    private static final Logger LOG = LoggerFactory.getLogger(LeftoverService.class);

    /** How many of a kind one run ends; the next run goes on. */
    private static final int MOST = 2000;
    /** Files of records that one run removes. */
    private static final int MOST_FILES = 200;

    private final Access access;
    private final InstantSource clock;
    private final LeftoverRules rules;
    private final TrackingPurge runs;
    private final TrackingPurge models;
    private final RecordsPurge records;

    LeftoverService(
            Access access,
            InstantSource clock,
            LeftoverRules rules,
            TrackingPurge runs,
            TrackingPurge models,
            RecordsPurge records) {
        this.access = access;
        this.clock = clock;
        this.rules = rules;
        this.runs = runs;
        this.models = models;
        this.records = records;
    }

    /**
     * What goes, or went. A look and a run end at a few thousand of a kind.
     *
     * @param runs deleted runs
     * @param models deleted logged models
     * @param files of records of predictions
     */
    public record Leftovers(LeftoverRules rules, long runs, long models, List<OldSegment> files) {

        public long records() {
            return files.stream().mapToLong(OldSegment::records).sum();
        }

        public long bytes() {
            return files.stream().mapToLong(OldSegment::bytes).sum();
        }

        /** The time of the newest record that goes. */
        public Optional<Instant> newest() {
            return files.isEmpty() ? Optional.empty() : files.getLast().newest();
        }

        public boolean none() {
            return runs == 0 && models == 0 && files.isEmpty();
        }
    }

    /** What a run would end now; changes nothing. */
    public Leftovers preview() {
        access.require(Action.ADMINISTER, Resource.REGISTRY);
        Instant now = clock.instant();
        return new Leftovers(
                rules,
                rules.runs().map(age -> runs.due(by(now, age), MOST).size()).orElse(0),
                rules.runs().map(age -> models.due(by(now, age), MOST).size()).orElse(0),
                rules.predictions()
                        .map(age -> records.due(now.minus(age), MOST_FILES))
                        .orElse(List.of()));
    }

    /** Ends what the rules say. */
    public Leftovers run(Actor actor, String reason) {
        access.require(Action.ADMINISTER, Resource.REGISTRY);
        return run(actor.change(clock.instant(), reason));
    }

    /** What the server does by itself. */
    public Leftovers runByItself() {
        Leftovers gone = run(Actor.SERVER.change(clock.instant(), "by the settings of retention"));
        if (!gone.none()) {
            LOG.info(
                    "the settings of retention ended {} deleted runs, {} deleted logged models and {} records of"
                            + " predictions",
                    gone.runs(),
                    gone.models(),
                    gone.records());
        }
        return gone;
    }

    /** Logged models first: a run stays as long as a model that it logged. */
    private Leftovers run(Change change) {
        Instant now = change.at();
        int goneModels =
                rules.runs().map(age -> models.run(by(now, age), MOST, change)).orElse(0);
        int goneRuns =
                rules.runs().map(age -> runs.run(by(now, age), MOST, change)).orElse(0);
        List<OldSegment> files = rules.predictions()
                .map(age -> records.run(now.minus(age), MOST_FILES, change))
                .orElse(List.of());
        return new Leftovers(rules, goneRuns, goneModels, files);
    }

    private static long by(Instant now, Duration age) {
        return now.minus(age).toEpochMilli();
    }
}
