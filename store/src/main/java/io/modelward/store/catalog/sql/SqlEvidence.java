package io.modelward.store.catalog.sql;

import io.modelward.core.evidence.Tick;
import io.modelward.core.rollout.Guardrail;
import io.modelward.core.rollout.ScoredTick;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** The tables of ticks and of the keys that they scored. */
record SqlEvidence(Handle handle) {

    /** Splits are kept in basis points, as routes have them, so that a replay computes with the same fraction. */
    private static final double WHOLE = 10_000;

    private record Line(long tick, long revision, Guardrail guardrail, Tick counts) {}

    void insert(String rollout, ScoredTick tick, byte[] keys) {
        insert(rollout, tick, Guardrail.ERRORS, tick.errors());
        tick.latency().ifPresent(latency -> insert(rollout, tick, Guardrail.LATENCY, latency));
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
                .with(counts.canaryRequests())
                .with(counts.canaryBad())
                .with(counts.activeRequests())
                .with(counts.activeBad())
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
        return new ScoredTick(errors.tick(), errors.revision(), errors.counts(), latency);
    }

    private static Line line(ResultSet row) throws SQLException {
        return new Line(
                row.getLong("tick"),
                row.getLong("revision"),
                row.getString("guardrail").equals(Guardrail.ERRORS.label()) ? Guardrail.ERRORS : Guardrail.LATENCY,
                new Tick(
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
