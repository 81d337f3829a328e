package io.modelward.cli;

import io.modelward.core.evidence.LimitProcess;
import io.modelward.core.evidence.Tick;
import io.modelward.core.evidence.TicksCsv;
import io.modelward.core.evidence.Verdict;
import io.modelward.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "replay",
        description = {
            "Decides again from a rollout's counters, without a server.",
            "Reads lines of split,n_canary,x_canary,n_active,x_active: the canary's share, then requests and bad requests of each arm.",
            "Prints a line for every tick: its number, the logarithm of the evidence without and with restarts, and the verdict.",
            "The evidence with restarts decides; harm, once seen, stays. Exit code 6 on harm."
        })
final class RolloutReplayCommand extends LocalCommand {

    private static final int DECIMALS = 10;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "a file, or - for the standard input (default: ${DEFAULT-VALUE})")
    private String file = "-";

    @Mixin
    private LimitOptions limit = new LimitOptions();

    @Option(
            names = "--prior",
            paramLabel = "RATE",
            description = "the active arm's rate before the rollout (default: ${DEFAULT-VALUE})")
    private double prior;

    @Override
    int run(Out out) throws IOException {
        LimitProcess process = new LimitProcess(limit.limit(), prior);
        ObjectNode document = Json.object();
        ArrayNode ticks = document.putArray("ticks");
        int number = 0;
        for (Tick tick : ticks(text(System.in))) {
            process.add(tick);
            number++;
            double grid = process.evidence().logGrid();
            double restart = process.evidence().logRestart();
            String verdict = process.verdict().label();
            if (out.isJson()) {
                ticks.addObject()
                        .put("tick", number)
                        .put("log_grid", grid)
                        .put("log_restart", restart)
                        .put("verdict", verdict);
            }
            out.line(number + " " + decimal(grid) + " " + decimal(restart) + " " + verdict);
        }
        OptionalLong crossed = process.crossedAt();
        document.put("verdict", process.verdict().label());
        crossed.ifPresent(at -> document.put("crossed_at", at));
        out.json(document);
        return process.verdict() == Verdict.HARM ? ExitCodes.ROLLED_BACK : ExitCodes.DONE;
    }

    private String text(InputStream in) throws IOException {
        byte[] bytes = file.equals("-") ? in.readAllBytes() : Files.readAllBytes(Path.of(file));
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Iterable<Tick> ticks(String text) {
        if (text.stripLeading().startsWith("{")) {
            throw new Usage("A rollout in JSON cannot be replayed yet. Give lines of "
                    + "split,n_canary,x_canary,n_active,x_active instead.");
        }
        return TicksCsv.parse(text);
    }

    /** A decimal has no negative zero, unlike a double. */
    static String decimal(double value) {
        return new BigDecimal(value).setScale(DECIMALS, RoundingMode.HALF_EVEN).toPlainString();
    }
}
