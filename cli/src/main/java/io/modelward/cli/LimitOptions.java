package io.modelward.cli;

import io.modelward.core.evidence.Limit;
import io.modelward.core.evidence.Margin;
import picocli.CommandLine.Option;

/** How much worse a candidate may be: its rate of bad requests may be ratio times the active arm's, plus points. */
final class LimitOptions {

    @Option(
            names = "--ratio",
            paramLabel = "R",
            description = "what the active arm's rate is multiplied by (default: ${DEFAULT-VALUE})")
    private double ratio = 1;

    @Option(
            names = "--points",
            paramLabel = "P",
            description = "what is added to that; 0.05 is five points (default: ${DEFAULT-VALUE})")
    private double points = 0.05;

    @Option(
            names = "--alpha",
            paramLabel = "A",
            description = "the chance to call a candidate within this margin harmful (default: ${DEFAULT-VALUE})")
    private double alpha = 0.01;

    Limit limit() {
        return new Limit(new Margin(ratio, points), alpha);
    }
}
