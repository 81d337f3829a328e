package io.modelward.gateway.evidence;

import io.modelward.core.digest.Digest;
import io.modelward.core.evidence.ArmId;
import io.modelward.core.route.Route;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How the requests of an endpoint are split among the active arm and the candidates under one route revision: draws the
 * arm of each request and counts the request in the current tick. The rules that make the statistics valid are kept
 * here: whether a request is evidence is known before its arm is drawn; the draw has the revision's shares and nothing
 * else in it; a request is counted for the arm that it drew, whatever happens to it then.
 */
public final class TrafficSplit {

    private final EvidenceCollector evidence;
    private final long revision;
    private final List<Share> shares;
    private final RandomGenerator random;
    /** For each request that waits for a candidate: the act that asks another version instead. */
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

    private volatile boolean withdrawn;
    private volatile @Nullable TickCounts current;

    TrafficSplit(EvidenceCollector evidence, long revision, List<Share> shares, RandomGenerator random) {
        this.evidence = evidence;
        this.revision = revision;
        this.shares = List.copyOf(shares);
        this.random = random;
        this.current = new TickCounts(revision, this.shares, evidence.thresholdNanos());
    }

    /**
     * The facts about a request that are known before its arm is drawn.
     *
     * @param evidence the rollout that it is known for
     * @param keyHash of the caller's key, if it has one: the same key draws the same arm as long as the share does not
     *     shrink
     * @param eligible whether it is evidence
     */
    public record Assignment(EvidenceCollector evidence, OptionalLong keyHash, boolean eligible) {}

    /** Once for each request and rollout, before {@link #arm}. */
    public Assignment assign(Optional<String> key, boolean counted) {
        if (key.isEmpty()) {
            return new Assignment(evidence, OptionalLong.empty(), counted);
        }
        long hash = hash(evidence.rollout(), key.get());
        return new Assignment(
                evidence, OptionalLong.of(hash), counted && evidence.keys().first(hash));
    }

    /** Whether the assignment was made for this rollout; for another one the arm is drawn anew. */
    public boolean knows(Assignment assignment) {
        return assignment.evidence() == evidence;
    }

    /**
     * The arm that answers. The candidates have the lowest points, each the next ones: raising the share of a single
     * candidate never moves a key back.
     */
    public ArmId arm(Assignment assignment) {
        int point = assignment.keyHash().isPresent()
                ? (int) Math.unsignedMultiplyHigh(assignment.keyHash().getAsLong(), Route.WHOLE)
                : random.nextInt(Route.WHOLE);
        int end = 0;
        for (Share share : shares) {
            end += share.weight();
            if (point < end) {
                return share.candidate();
            }
        }
        return ArmId.ACTIVE;
    }

    /** Counts the request in, or answers null when this split is over: then there is a newer snapshot. */
    public @Nullable OutcomeListener admit(Assignment assignment, ArmId arm) {
        while (true) {
            TickCounts counts = current;
            if (counts == null) {
                return null;
            }
            if (!assignment.eligible()) {
                return OutcomeListener.IGNORED;
            }
            if (counts.admit(arm, assignment.keyHash())) {
                TickCounts.Counter counter = counts.counter(arm);
                return (ok, nanos) -> counts.end(counter, ok, nanos);
            }
        }
    }

    /** Notes a request that waits for a candidate, until {@link #arrived}. */
    public void waits(Runnable redirect) {
        waiting.add(redirect);
        if (withdrawn) {
            redirect.run();
        }
    }

    public void arrived(Runnable redirect) {
        waiting.remove(redirect);
    }

    /**
     * The candidate's traffic was taken away. Requests that still wait for the candidate are asked elsewhere, since the
     * candidate may hang.
     */
    public void redirect() {
        withdrawn = true;
        waiting.forEach(Runnable::run);
    }

    /** Begins the next tick; the one before is scored when it is due. */
    synchronized void turn(long now) {
        TickCounts before = current;
        if (before != null && !before.isEmpty()) {
            current = new TickCounts(revision, shares, evidence.thresholdNanos());
            before.seal(now);
            evidence.sealed(before);
        }
    }

    /** Admits nobody any more. */
    synchronized void close(long now) {
        TickCounts last = current;
        current = null;
        if (last != null) {
            last.seal(now);
            evidence.sealed(last);
        }
    }

    static long hash(String rollout, String key) {
        byte[] digest = Digest.of((rollout + "\0" + key).getBytes(StandardCharsets.UTF_8))
                .bytes();
        return ByteBuffer.wrap(digest).getLong();
    }

    /** How a request ended, to be told once. */
    @FunctionalInterface
    public interface OutcomeListener {

        /** For a request that is no evidence. */
        OutcomeListener IGNORED = (ok, nanos) -> {};

        /**
         * @param ok whether the caller got a valid answer
         * @param nanos from admission to the answer
         */
        void tell(boolean ok, long nanos);
    }

    /**
     * The share of an endpoint's requests that a candidate gets.
     *
     * @param weight in basis points, 0 to 10000
     */
    public record Share(ArmId candidate, int weight) {}
}
