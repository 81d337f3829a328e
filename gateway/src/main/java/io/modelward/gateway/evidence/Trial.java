package io.modelward.gateway.evidence;

import io.modelward.core.digest.Digest;
import io.modelward.core.route.Route;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The candidate on trial under one route revision: draws the arm of each request and counts it in the current cohort. What makes the
 * statistics valid is kept here: whether a request is evidence is known before its arm is drawn; the draw has the revision's share and
 * nothing else in it; a request is counted for the arm that it drew, whatever happens to it then.
 */
public final class Trial {

    private final Evidence evidence;
    private final long revision;
    private final int weight;
    private final RandomGenerator random;
    /** What lets each request that waits for the candidate be answered by another version. */
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

    private volatile boolean withdrawn;
    private volatile @Nullable Cohort current;

    Trial(Evidence evidence, long revision, int weight, RandomGenerator random) {
        this.evidence = evidence;
        this.revision = revision;
        this.weight = weight;
        this.random = random;
        this.current = new Cohort(revision, weight, evidence.thresholdNanos());
    }

    /**
     * What is known of a request before its arm is drawn.
     *
     * @param evidence the rollout that it is known for
     * @param keyHash of the caller's key, if it has one: the same key draws the same arm as long as the share does not shrink
     * @param eligible whether it is evidence
     */
    public record Draw(Evidence evidence, OptionalLong keyHash, boolean eligible) {}

    /** Once for each request and rollout, before {@link #canary}. */
    public Draw draw(Optional<String> key, boolean counted) {
        if (key.isEmpty()) {
            return new Draw(evidence, OptionalLong.empty(), counted);
        }
        long hash = hash(evidence.rollout(), key.get());
        return new Draw(
                evidence, OptionalLong.of(hash), counted && evidence.keys().first(hash));
    }

    /** Whether the draw was made for this rollout; for another one the arm is drawn anew. */
    public boolean knows(Draw draw) {
        return draw.evidence() == evidence;
    }

    /** Whether the candidate answers. One threshold for all shares: raising the share never moves a key back. */
    public boolean canary(Draw draw) {
        int point = draw.keyHash().isPresent()
                ? (int) Math.unsignedMultiplyHigh(draw.keyHash().getAsLong(), Route.WHOLE)
                : random.nextInt(Route.WHOLE);
        return point < weight;
    }

    /** Counts the request in, or answers null when this trial is over: then there is a newer snapshot. */
    public @Nullable Outcome admit(Draw draw, boolean canary) {
        while (true) {
            Cohort cohort = current;
            if (cohort == null) {
                return null;
            }
            if (!draw.eligible()) {
                return Outcome.IGNORED;
            }
            if (cohort.admit(canary, draw.keyHash())) {
                return (ok, nanos) -> cohort.end(canary, ok, nanos);
            }
        }
    }

    /** Notes a request that waits for the candidate, until {@link #arrived}. */
    public void waits(Runnable redirect) {
        waiting.add(redirect);
        if (withdrawn) {
            redirect.run();
        }
    }

    public void arrived(Runnable redirect) {
        waiting.remove(redirect);
    }

    /** The candidate's traffic was taken away: those who still wait for it need not, they may wait for something that hangs. */
    public void redirect() {
        withdrawn = true;
        waiting.forEach(Runnable::run);
    }

    /** Begins the next cohort; the one before is scored when it is due. */
    synchronized void turn(long now) {
        Cohort before = current;
        if (before != null && !before.isEmpty()) {
            current = new Cohort(revision, weight, evidence.thresholdNanos());
            before.seal(now);
            evidence.sealed(before);
        }
    }

    /** Admits nobody any more. */
    synchronized void close(long now) {
        Cohort last = current;
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
}
