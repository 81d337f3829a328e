package io.modelward.core.job;

import java.util.Optional;

/**
 * A run that makes a version once more, with the command, the code, the data and the packages of the run that made the
 * version first.
 *
 * @param run that makes it
 * @param version the id of the version that is made once more
 * @param tolerance by how much numbers may differ, as a share of the larger one, and as they are below one
 * @param report what came of it; empty until the run has ended, and when the run ended without a version
 */
public record Reproduction(String run, long version, double tolerance, Optional<ReproductionReport> report) {

    /** The tolerance where nobody asks for another. */
    public static final double USUAL_TOLERANCE = 1e-6;
}
