package io.modelward.store.catalog.sql;

import io.modelward.core.evidence.ArmId;
import io.modelward.core.evidence.Tick;
import io.modelward.core.rollout.Guardrail;
import io.modelward.core.rollout.ScoredTick;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * The tables of ticks and of the keys that they scored. A row has the counts of one guardrail: of the candidate in the
 * columns {@code n_canary} and {@code x_canary}, of the active arm in {@code n_active} and {@code x_active}. Here, at
 * the store's edge, the columns become counts by arm. Rows of earlier releases keep their form and their hash; a second
 * candidate would be a table beside this one.
 */
record SqlEvidence(Handle handle) {

    /** Splits are kept in basis points, as routes have them, so that a replay computes with the same fraction. */
    private static final double WHOLE = 10_000;

    /** The candidates that a row has columns for. */
    private static final Set<ArmId> ARMS = Set.of(ArmId.CANDIDATE);

    private record Line(long tick, long revision, Guardrail guardrail, Tick counts) {}

    void insert(String rollout, ScoredTick tick, byte[] keys) {
        if (!tick.splits().keySet().equals(ARMS)) {
            throw new IllegalArgumentException("a row holds the counts of one candidate and of the active arm");
        }
        for (Guardrail guardrail : Guardrail.values()) {
            tick.comparison(guardrail, ArmId.CANDIDATE).ifPresent(counts -> insert(rollout, tick, guardrail, counts));
        }
        if (keys.length > 0) {
            handle.createUpdate("INSERT INTO evidence_keys (rollout, tick, keys) VALUES (:rollout, :tick, :keys)")
                    .bind("rollout", rollout)
                    .bind("tick", tick.number())
                    .bind("keys", keys)
                    .execute();
        }
    }

    private void insert(String rollout, ScoredTick tick, Guardrail guardrail, Tick counts) {
        Inserted.into(RowHash.EVIDENCE)
                .with(rollout)
                .with(tick.number())
                .with(guardrail.label())
                .with(tick.revision())
                .with(Math.round(counts.split() * WHOLE))
                .with(counts.candidate().requests())
                .with(counts.candidate().bad())
                .with(counts.active().requests())
                .with(counts.active().bad())
                .execute(handle);
    }

    void forEachTick(String rollout, long after, long to, Consumer<ScoredTick> consumer) {
        try (var lines = handle.createQuery("SELECT * FROM evidence WHERE rollout = :rollout AND tick > :after"
                        + " AND tick <= :to ORDER BY tick, guardrail")
                .bind("rollout", rollout)
                .bind("after", after)
                .bind("to", to)
                .map((row, context) -> line(row))
                .iterator()) {
            pair(lines, consumer);
        }
    }

    /** A tick has a line for errors and, after it, perhaps one for latency. */
    private static void pair(Iterator<Line> lines, Consumer<ScoredTick> consumer) {
        Optional<Line> errors = Optional.empty();
        while (lines.hasNext()) {
            Line line = lines.next();
            if (line.guardrail() == Guardrail.LATENCY) {
                consumer.accept(tick(errors.orElseThrow(), Optional.of(line.counts())));
                errors = Optional.empty();
            } else {
                errors.ifPresent(alone -> consumer.accept(tick(alone, Optional.empty())));
                errors = Optional.of(line);
            }
        }
        errors.ifPresent(alone -> consumer.accept(tick(alone, Optional.empty())));
    }

    private static ScoredTick tick(Line errors, Optional<Tick> latency) {
        return ScoredTick.of(errors.tick(), errors.revision(), errors.counts(), latency);
    }

    private static Line line(ResultSet row) throws SQLException {
        return new Line(
                row.getLong("tick"),
                row.getLong("revision"),
                row.getString("guardrail").equals(Guardrail.ERRORS.label()) ? Guardrail.ERRORS : Guardrail.LATENCY,
                Tick.of(
                        row.getLong("split") / WHOLE,
                        row.getLong("n_canary"),
                        row.getLong("x_canary"),
                        row.getLong("n_active"),
                        row.getLong("x_active")));
    }

    void forEachKeys(String rollout, Consumer<byte[]> consumer) {
        handle.createQuery("SELECT keys FROM evidence_keys WHERE rollout = :rollout ORDER BY tick")
                .bind("rollout", rollout)
                .map((row, context) -> row.getBytes("keys"))
                .forEach(consumer);
    }
}
