package io.modelward.cli;

import io.modelward.core.evidence.Limit;
import io.modelward.core.evidence.Sensitivity;
import io.modelward.core.json.Json;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "plan",
        description = {
            "Says how many requests a rollout needs to see a harm, without a server.",
            "It plays rollouts, always the same ones, so the answer is an average."
        })
final class RolloutPlanCommand extends LocalCommand {

    private static final long SEED = 1;

    @Option(
            names = "--split",
            paramLabel = "SHARE",
            description = "the candidate's share of requests (default: ${DEFAULT-VALUE})")
    private double split = 0.05;

    @Option(
            names = "--active",
            paramLabel = "RATE",
            description = "the active arm's rate of bad requests (default: ${DEFAULT-VALUE})")
    private double active = 0.01;

    @Option(
            names = {"--candidate", "--canary"},
            paramLabel = "RATE",
            description = "the candidate's rate of bad requests (default: ${DEFAULT-VALUE})")
    private double candidate = 0.2;

    @Mixin
    private LimitOptions limit = new LimitOptions();

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "requests per second, of both arms together (default: no time is told)")
    private @Nullable Double rate;

    @Override
    int run(Out out) {
        if (rate != null && !(rate > 0 && rate < Double.MAX_VALUE)) {
            throw new Usage("--rate is a number of requests per second, over 0.");
        }
        Limit asked = limit.limit();
        OptionalLong mean =
                new Sensitivity(asked, split, active, new SplittableRandom(SEED)).candidateRequests(active, candidate);
        ObjectNode document = Json.object()
                .put("split", split)
                .put("active", active)
                .put("canary", candidate)
                .put("ratio", asked.margin().ratio())
                .put("points", asked.margin().points())
                .put("alpha", asked.alpha());
        double allowed = asked.margin().bound(active);
        String harm = "A candidate that fails " + percent(candidate)
                + " of its requests where the active version fails " + percent(active);
        if (mean.isPresent()) {
            tell(out, document, harm, mean.getAsLong());
        } else if (candidate <= allowed) {
            document.put("seen", false).put("why", "no harm");
            out.line(harm + " is within this limit, which allows " + percent(Math.min(1, allowed)) + ".");
        } else {
            document.put("seen", false).put("why", "too little");
            out.line(harm + " is so little over this limit, which allows " + percent(allowed)
                    + ", that a rollout may not see it within " + thousands(Sensitivity.MOST_REQUESTS) + " requests.");
        }
        out.json(document);
        return ExitCodes.DONE;
    }

    private void tell(Out out, ObjectNode document, String harm, long requests) {
        long all = Math.round(requests / split);
        document.put("seen", true).put("canary_requests", requests).put("requests", all);
        out.line(harm + " is seen after about " + Text.plural(requests, "request") + " of its own, which is "
                + thousands(all) + " of both at a share of " + percent(split) + ".");
        if (rate != null) {
            double seconds = requests / split / rate;
            document.put("seconds", seconds);
            out.line(
                    "At " + plain(rate) + " requests per second that is about " + Spans.ofMillis(1000 * seconds) + ".");
        }
    }

    private static String percent(double share) {
        return plain(100 * share) + "%";
    }

    private static String plain(double value) {
        return new BigDecimal(value)
                .round(new MathContext(3))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static String thousands(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
