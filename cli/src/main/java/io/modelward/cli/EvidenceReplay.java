package io.modelward.cli;

import io.modelward.core.json.Json;
import io.modelward.core.rollout.Crossing;
import io.modelward.core.rollout.EvidenceExport.Exported;
import io.modelward.core.rollout.Guardrail;
import io.modelward.core.rollout.LimitMonitor;
import io.modelward.core.rollout.OnHalt;
import io.modelward.core.rollout.ScoredTick;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Judges an exported rollout again, interval by interval, and compares what comes out with the verdict that was
 * exported.
 */
final class EvidenceReplay {

    /** The states in which a rollout's halt limits are not asked: their evidence is then no verdict. */
    private static final Set<String> HALTS_ASLEEP =
            Set.of("HELD", "ABORTING", "ROLLED_BACK", "SUPERSEDED", "CANCELLED", "LOAD_FAILED");

    private final Exported exported;
    private final String state;
    private final LimitMonitor monitor;
    private long ticks;

    /** @param state the rollout's state when it was exported */
    EvidenceReplay(Exported exported, String state) {
        this.exported = exported;
        this.state = state;
        this.monitor = new LimitMonitor(exported.plan(), exported.errorPrior());
    }

    int run(Out out) {
        ObjectNode document = Json.object();
        ArrayNode entries = document.putArray("ticks");
        exported.forEachTick(tick -> add(tick, out, entries));
        Optional<Crossing> replayed = verdict();
        List<String> differences = differences(replayed);
        boolean harm = monitor.harm().isPresent()
                || (replayed.isPresent() && exported.plan().onHalt() == OnHalt.ROLLBACK);
        document.put("verdict", label(harm)).put("same", differences.isEmpty());
        exported.verdict().ifPresent(one -> document.set("exported", one.toJson()));
        replayed.ifPresent(one -> document.set("replayed", one.toJson()));
        ArrayNode different = document.putArray("differences");
        differences.forEach(different::add);
        out.json(document);
        if (!differences.isEmpty()) {
            out.data("other verdict: " + String.join("; ", differences));
            return ExitCodes.FAILED;
        }
        out.data("same verdict, bit for bit: " + summary(replayed));
        return harm ? ExitCodes.ROLLED_BACK : ExitCodes.DONE;
    }

    private void add(ScoredTick tick, Out out, ArrayNode entries) {
        monitor.add(tick);
        ticks++;
        for (LimitMonitor.Reading reading : monitor.readings()) {
            String limit = reading.rollback() ? "rollback" : "halt";
            if (out.isJson()) {
                entries.addObject()
                        .put("tick", tick.number())
                        .put("guardrail", reading.guardrail().label())
                        .put("limit", limit)
                        .put("log_grid", reading.logGrid())
                        .put("log_restart", reading.logRestart())
                        .put("verdict", label(reading.crossed()));
            }
            out.data(tick.number() + " " + reading.guardrail().label() + " " + limit + " "
                    + RolloutReplayCommand.decimal(reading.logGrid()) + " "
                    + RolloutReplayCommand.decimal(reading.logRestart()) + " " + label(reading.crossed()));
        }
    }

    private static String label(boolean harm) {
        return harm ? "harm" : "undecided";
    }

    /**
     * The crossing that stands where the exported one stood. A halt limit is looked up by its guardrail, because a
     * person may have acknowledged what another one showed before.
     */
    private Optional<Crossing> verdict() {
        if (exported.verdict().isPresent() && !exported.verdict().get().rollback()) {
            Guardrail guardrail = exported.verdict().get().guardrail();
            return monitor.harm().or(() -> monitor.divergence(EnumSet.complementOf(EnumSet.of(guardrail))));
        }
        return HALTS_ASLEEP.contains(state) || exported.verdict().isPresent()
                ? monitor.harm()
                : monitor.harm().or(() -> monitor.divergence(Set.of()));
    }

    private List<String> differences(Optional<Crossing> replayed) {
        List<String> found = new ArrayList<>();
        if (exported.verdict().isEmpty() || replayed.isEmpty()) {
            if (exported.verdict().isPresent() || replayed.isPresent()) {
                found.add("the export says "
                        + exported.verdict().map(EvidenceReplay::words).orElse("none") + ", the replay "
                        + replayed.map(EvidenceReplay::words).orElse("none"));
            }
            return found;
        }
        Crossing one = exported.verdict().get();
        Crossing other = replayed.get();
        compare(found, "limit", name(one), name(other));
        compare(found, "tick", one.tick(), other.tick());
        bits(found, "log_evidence", one.logEvidence(), other.logEvidence());
        bits(
                found,
                "ratio",
                one.limit().margin().ratio(),
                other.limit().margin().ratio());
        bits(
                found,
                "points",
                one.limit().margin().points(),
                other.limit().margin().points());
        bits(found, "alpha", one.limit().alpha(), other.limit().alpha());
        compare(
                found,
                "canary_requests",
                one.candidate().requests(),
                other.candidate().requests());
        compare(found, "canary_bad", one.candidate().bad(), other.candidate().bad());
        compare(
                found,
                "active_requests",
                one.active().requests(),
                other.active().requests());
        compare(found, "active_bad", one.active().bad(), other.active().bad());
        return found;
    }

    private static void bits(List<String> found, String what, double exported, double replayed) {
        if (Double.doubleToLongBits(exported) != Double.doubleToLongBits(replayed)) {
            found.add(what + " " + exported + " in the export, " + replayed + " in the replay");
        }
    }

    private static void compare(List<String> found, String what, Object exported, Object replayed) {
        if (!exported.equals(replayed)) {
            found.add(what + " " + exported + " in the export, " + replayed + " in the replay");
        }
    }

    private static String name(Crossing crossing) {
        return crossing.guardrail().label() + " " + (crossing.rollback() ? "rollback" : "halt");
    }

    private static String words(Crossing crossing) {
        return name(crossing) + " at tick " + crossing.tick();
    }

    private String summary(Optional<Crossing> verdict) {
        return verdict.map(crossing -> words(crossing) + ", evidence " + crossing.logEvidence() + " against "
                        + crossing.limit().logThreshold() + ", candidate "
                        + crossing.candidate().bad() + " bad of "
                        + crossing.candidate().requests() + ", active "
                        + crossing.active().bad() + " bad of "
                        + crossing.active().requests() + ".")
                .orElseGet(() -> "none in " + Text.plural(ticks, "tick") + ".");
    }
}
