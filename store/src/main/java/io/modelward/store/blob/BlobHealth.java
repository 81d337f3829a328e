package io.modelward.store.blob;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.digest.Digest;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of stored files without reading them: which are proved, and which are marked as damaged. All is about
 * one state of a file and is worth nothing for the next one. It is in memory only: after a restart a damaged file is
 * found again when it is read.
 */
final class BlobHealth {

    private static final Logger LOG = LoggerFactory.getLogger(BlobHealth.class);
    private static final int MAX_MARKS = 10_000;
    /** Of checksums, 4 bytes each: 512 GiB of files. */
    private static final long MAX_PIECES = 4 << 20;
    /** What a proof takes beside its checksums, in checksums. */
    private static final int OVERHEAD = 100;

    @GuardedBy("this")
    private final Map<Digest, Proof> proofs = new LinkedHashMap<>(16, 0.75f, true);

    @GuardedBy("this")
    private final Map<Digest, Stamp> marks = new LinkedHashMap<>(16, 0.75f, true);

    @GuardedBy("this")
    private long pieces;

    /** The proof of this state of the file, begun or not. */
    synchronized Proof proof(Digest digest, Stamp stamp) {
        Proof present = proofs.get(digest);
        if (present != null && present.stamp().equals(stamp)) {
            return present;
        }
        forgetProof(digest);
        Proof proof = new Proof(digest, stamp);
        proofs.put(digest, proof);
        pieces += weight(proof);
        while (pieces > MAX_PIECES && proofs.size() > 1) {
            forgetProof(proofs.keySet().iterator().next());
        }
        return proof;
    }

    @GuardedBy("this")
    private void forgetProof(Digest digest) {
        Proof old = proofs.remove(digest);
        if (old != null) {
            pieces -= weight(old);
        }
    }

    private static long weight(Proof proof) {
        return (long) OVERHEAD + proof.pieces();
    }

    synchronized boolean isMarked(Digest digest, Stamp stamp) {
        return stamp.equals(marks.get(digest));
    }

    /** Marks this state of the file as damaged. */
    synchronized void mark(Digest digest, Stamp stamp) {
        forgetProof(digest);
        if (!stamp.equals(marks.put(digest, stamp))) {
            LOG.error(
                    "the stored bytes of {} are damaged; they are not sent until the same content is stored again",
                    digest);
        }
        if (marks.size() > MAX_MARKS) {
            marks.remove(marks.keySet().iterator().next());
        }
    }

    /** This state of the file was found right, though something else was believed before. */
    synchronized void found(Digest digest, Stamp stamp) {
        if (isMarked(digest, stamp)) {
            marks.remove(digest);
        }
    }

    /** The file was replaced or removed. */
    synchronized void clear(Digest digest) {
        forgetProof(digest);
        marks.remove(digest);
    }

    static ProblemException damaged(Digest digest) {
        return problem(digest, "are damaged");
    }

    static ProblemException problem(Digest digest, String what) {
        return Problem.of(
                        ProblemType.DAMAGED,
                        "The stored bytes of this file " + what
                                + ", so they are not sent. Upload the same content again,"
                                + " which repairs the file, or ask an operator to run verify, which names all"
                                + " that is damaged.")
                .with("sha256", digest.toString())
                .exception();
    }
}
