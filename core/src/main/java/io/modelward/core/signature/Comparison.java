package io.modelward.core.signature;

import io.modelward.core.version.Bump;
import java.util.List;

/**
 * How the signature of a new version differs from that of the one below it.
 *
 * @param newOptionalInput whether callers may send something they could not before
 * @param newOutput whether the model gives something it did not before
 */
public record Comparison(List<Finding> findings, boolean newOptionalInput, boolean newOutput) {

    public Comparison {
        findings = List.copyOf(findings);
    }

    /** The worst of the findings: breaking before unknown before compatible. */
    public ChangeImpact verdict() {
        return !breaking().isEmpty()
                ? ChangeImpact.BREAKING
                : unknown().isEmpty() ? ChangeImpact.COMPATIBLE : ChangeImpact.UNKNOWN;
    }

    /** The least bump that is honest; what is unknown counts as breaking. */
    public Bump leastBump() {
        return verdict() == ChangeImpact.COMPATIBLE ? additive() : Bump.MAJOR;
    }

    /** The least bump when someone answers for what is unknown. */
    public Bump leastBumpKnown() {
        return verdict() == ChangeImpact.BREAKING ? Bump.MAJOR : additive();
    }

    public List<Finding> breaking() {
        return of(ChangeImpact.BREAKING);
    }

    public List<Finding> unknown() {
        return of(ChangeImpact.UNKNOWN);
    }

    private Bump additive() {
        return newOptionalInput || newOutput ? Bump.MINOR : Bump.PATCH;
    }

    private List<Finding> of(ChangeImpact verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).toList();
    }
}
