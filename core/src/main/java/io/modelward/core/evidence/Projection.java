package io.modelward.core.evidence;

/**
 * The pair of rates on the border p_c = ratio · p_a + points of the null hypothesis that is nearest to an alternative
 * (q_c, q_a) beyond it: it minimises split · KL(q_c‖p_c) + (1 − split) · KL(q_a‖p_a). For a given split the null laws
 * of (arm, outcome) are convex, so this is the reverse information projection, and q(y)/p*(y) of the drawn arm has an
 * expectation of at most 1 under every null law (Grünwald, de Heide, Koolen, arXiv:1906.07801; for two streams Turner,
 * Ly, Grünwald, arXiv:2106.02693).
 *
 * @param candidate p_c*, in (0, 1)
 * @param active p_a*, in (0, 1)
 */
record Projection(double candidate, double active) {

    /** Enough to halve any interval in [0, 1] down to neighbouring doubles near 1. */
    private static final int STEPS = 60;

    /**
     * @param split in (0, 1)
     * @param ratio over 0
     * @param points in (−1, 1)
     * @param qCandidate in (0, 1), over ratio · qActive + points
     * @param qActive in (0, 1)
     */
    static Projection of(double split, double ratio, double points, double qCandidate, double qActive) {
        if (ratio == 1 && points == 0) {
            double common = split * qCandidate + (1 - split) * qActive;
            return new Projection(common, common);
        }
        if (points < 0) {
            // Seen from the other arm the border is the same line with positive points; there no small rate is a
            // difference of large ones.
            Projection mirrored = bisect(1 - split, 1 / ratio, -points / ratio, qActive, qCandidate);
            return new Projection(/* candidate= */ mirrored.active(), /* active= */ mirrored.candidate());
        }
        return bisect(split, ratio, points, qCandidate, qActive);
    }

    private static Projection bisect(double split, double ratio, double points, double qCandidate, double qActive) {
        // The slope increases in p; it changes sign between the places on the border where either arm has its rate q.
        double end = (qCandidate - points) / ratio;
        double low = Math.max(0, Math.min(qActive, end));
        double high = Math.min(Math.max(qActive, end), Math.min(1, (1 - points) / ratio));
        for (int i = 0; i < STEPS; i++) {
            double p = low + (high - low) / 2;
            if (slope(split, ratio, points, qCandidate, qActive, p) < 0) {
                low = p;
            } else {
                high = p;
            }
        }
        double active = low + (high - low) / 2;
        return new Projection(ratio * active + points, active);
    }

    /**
     * The derivative of the divergence along the border at p_a = p, split · ratio · (p_c − q_c)/(p_c(1 − p_c)) + (1 −
     * split) · (p − q_a)/(p(1 − p)), times both denominators, which are positive: only its sign matters, and divisions
     * are slow.
     */
    private static double slope(
            double split, double ratio, double points, double qCandidate, double qActive, double p) {
        double pCandidate = ratio * p + points;
        return split * ratio * (pCandidate - qCandidate) * p * (1 - p)
                + (1 - split) * (p - qActive) * pCandidate * (1 - pCandidate);
    }
}
