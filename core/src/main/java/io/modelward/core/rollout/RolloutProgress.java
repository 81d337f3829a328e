package io.modelward.core.rollout;

import io.modelward.core.fields.JsonFields;
import io.modelward.core.json.Json;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How far a rollout has come.
 *
 * @param step index of the step, from 0
 * @param hold why it is held; empty unless it is
 * @param reason the state in words, for people
 * @param dwellMillis time spent in the step while not held, by the monotonic clock
 * @param servedMillis time in which the candidate had traffic, in all steps
 * @param patience the dwell from which the step's timeout counts: a person who resumes gives it its time again
 * @param samples requests that the candidate was given and that are scored, in this step
 * @param lastTick number of the last tick
 * @param revision the route revision in force for it; 0 before the first
 * @param errorPrior the active version's error rate before
 * @param threshold latency in microseconds beyond which a request is slow; empty until it is frozen
 * @param acknowledged guardrails whose halt limit was crossed and a person went on
 * @param approved index of the last step that a person approved; -1: none
 * @param incidentAccepted whether a person went on although the active version failed
 * @param verdict the limit that decided
 * @param withdrawnMicros from knowing the tick that decided until no request could reach the candidate
 */
public record RolloutProgress(
        RolloutState state,
        int step,
        Optional<Hold> hold,
        String reason,
        long dwellMillis,
        long servedMillis,
        long patience,
        long samples,
        long lastTick,
        long revision,
        double errorPrior,
        OptionalLong threshold,
        Set<Guardrail> acknowledged,
        int approved,
        boolean incidentAccepted,
        Optional<Crossing> verdict,
        OptionalLong withdrawnMicros) {

    public RolloutProgress {
        acknowledged = Set.copyOf(acknowledged);
    }

    public static RolloutProgress first(RolloutState state, String reason) {
        return new RolloutProgress(
                state,
                0,
                Optional.empty(),
                reason,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                OptionalLong.empty(),
                Set.of(),
                -1,
                false,
                Optional.empty(),
                OptionalLong.empty());
    }

    /** A copy that is being changed. */
    private final class Edit {
        private RolloutState newState = state;
        private int newStep = step;
        private Optional<Hold> newHold = hold;
        private String newReason = reason;
        private long newDwell = dwellMillis;
        private long newServed = servedMillis;
        private long newPatience = patience;
        private long newSamples = samples;
        private long newLastTick = lastTick;
        private long newRevision = revision;
        private double newErrorPrior = errorPrior;
        private OptionalLong newThreshold = threshold;
        private Set<Guardrail> newAcknowledged = acknowledged;
        private int newApproved = approved;
        private boolean newIncidentAccepted = incidentAccepted;
        private Optional<Crossing> newVerdict = verdict;
        private OptionalLong newWithdrawn = withdrawnMicros;

        private RolloutProgress done() {
            return new RolloutProgress(
                    newState,
                    newStep,
                    newHold,
                    newReason,
                    newDwell,
                    newServed,
                    newPatience,
                    newSamples,
                    newLastTick,
                    newRevision,
                    newErrorPrior,
                    newThreshold,
                    newAcknowledged,
                    newApproved,
                    newIncidentAccepted,
                    newVerdict,
                    newWithdrawn);
        }
    }

    private RolloutProgress edit(Consumer<Edit> change) {
        Edit edit = new Edit();
        change.accept(edit);
        return edit.done();
    }

    RolloutProgress in(RolloutState next, Optional<Hold> why, String words) {
        return edit(edit -> {
            edit.newState = next;
            edit.newHold = why;
            edit.newReason = words;
        });
    }

    /** At the beginning of a step. */
    RolloutProgress at(int newStep, RolloutState next, String words) {
        return in(next, Optional.empty(), words).edit(edit -> {
            edit.newStep = newStep;
            edit.newDwell = 0;
            edit.newPatience = 0;
            edit.newSamples = 0;
        });
    }

    /** After time has passed and ticks were scored. */
    public RolloutProgress after(long dwell, long served, long moreSamples, long tick) {
        return edit(edit -> {
            edit.newDwell += dwell;
            edit.newServed += served;
            edit.newSamples += moreSamples;
            edit.newLastTick = tick;
        });
    }

    public RolloutProgress withBaseline(double errorRate, OptionalLong slow) {
        return edit(edit -> {
            edit.newErrorPrior = errorRate;
            edit.newThreshold = slow;
        });
    }

    public RolloutProgress withRevision(long routeRevision) {
        return edit(edit -> edit.newRevision = routeRevision);
    }

    RolloutProgress withVerdict(Crossing crossing) {
        return edit(edit -> edit.newVerdict = Optional.of(crossing));
    }

    public RolloutProgress withWithdrawn(long micros) {
        return edit(edit -> edit.newWithdrawn = OptionalLong.of(micros));
    }

    /** As a person lets it go on from what held it. */
    RolloutProgress released(Hold from) {
        return edit(edit -> {
            edit.newPatience = dwellMillis;
            if (from == Hold.ERRORS || from == Hold.LATENCY) {
                Set<Guardrail> more = EnumSet.of(from == Hold.ERRORS ? Guardrail.ERRORS : Guardrail.LATENCY);
                more.addAll(acknowledged);
                edit.newAcknowledged = more;
            }
            if (from == Hold.APPROVAL) {
                edit.newApproved = step;
            }
            if (from == Hold.SHARED_INCIDENT) {
                edit.newIncidentAccepted = true;
            }
        });
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object().put("state", state.name()).put("step", step);
        hold.ifPresent(why -> json.put("hold", why.label()));
        json.put("reason", reason)
                .put("dwell_ms", dwellMillis)
                .put("served_ms", servedMillis)
                .put("patience_ms", patience)
                .put("samples", samples)
                .put("last_tick", lastTick)
                .put("revision", revision)
                .put("error_prior", errorPrior)
                .put("approved", approved);
        threshold.ifPresent(micros -> json.put("threshold_us", micros));
        var labels = json.putArray("acknowledged");
        acknowledged.stream().sorted().forEach(guardrail -> labels.add(guardrail.label()));
        if (incidentAccepted) {
            json.put("incident_accepted", true);
        }
        verdict.ifPresent(crossing -> json.set("verdict", crossing.toJson()));
        withdrawnMicros.ifPresent(micros -> json.put("withdrawn_us", micros));
        return json;
    }

    static RolloutProgress fromJson(JsonNode json) {
        return new RolloutProgress(
                RolloutState.valueOf(json.path("state").stringValue("")),
                json.path("step").intValue(),
                json.has("hold")
                        ? Optional.of(JsonFields.word(json.path("hold"), "hold", Hold.values(), Hold::label))
                        : Optional.empty(),
                json.path("reason").stringValue(""),
                json.path("dwell_ms").longValue(),
                json.path("served_ms").longValue(),
                json.path("patience_ms").longValue(),
                json.path("samples").longValue(),
                json.path("last_tick").longValue(),
                json.path("revision").longValue(),
                json.path("error_prior").doubleValue(),
                optional(json.path("threshold_us")),
                json.path("acknowledged")
                        .valueStream()
                        .map(one -> JsonFields.word(one, "acknowledged", Guardrail.values(), Guardrail::label))
                        .collect(Collectors.toSet()),
                json.path("approved").intValue(),
                json.path("incident_accepted").booleanValue(false),
                json.has("verdict") ? Optional.of(Crossing.fromJson(json.path("verdict"))) : Optional.empty(),
                optional(json.path("withdrawn_us")));
    }

    private static OptionalLong optional(JsonNode value) {
        return value.isMissingNode() ? OptionalLong.empty() : OptionalLong.of(value.longValue());
    }
}
