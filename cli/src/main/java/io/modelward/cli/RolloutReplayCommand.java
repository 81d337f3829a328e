package io.modelward.cli;

import io.modelward.core.evidence.LimitProcess;
import io.modelward.core.evidence.Tick;
import io.modelward.core.evidence.TicksCsv;
import io.modelward.core.evidence.Verdict;
import io.modelward.core.json.Json;
import io.modelward.core.rollout.EvidenceExport;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "replay",
        description = {
            "Decides again from a rollout's counters, without a server.",
            "Reads what modelward rollout export wrote: prints a line for every tick and limit, and at last"
                    + " whether its verdict and the"
                    + " replay's are the same bit for bit; exit code 1 when they are not.",
            "Or reads lines of split,n_canary,x_canary,n_active,x_active: the candidate's share, then requests"
                    + " and bad requests of each arm.",
            "Prints a line for every tick: its number, the logarithm of the evidence without and with restarts,"
                    + " and the verdict.",
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

    @Spec
    private @Nullable CommandSpec command;

    @Override
    int run(Out out) throws IOException {
        LimitProcess process = new LimitProcess(limit.limit(), prior);
        String text = text(System.in);
        return text.stripLeading().startsWith("{") ? export(text, out) : csv(text, process, out);
    }

    private int export(String text, Out out) {
        for (String option : List.of("--ratio", "--points", "--alpha", "--prior")) {
            if (Objects.requireNonNull(command).commandLine().getParseResult().hasMatchedOption(option)) {
                throw new Usage(option + " is for lines of counters; an export has a plan of its own.");
            }
        }
        return new EvidenceReplay(EvidenceExport.read(text), Text.of(Json.parse(text, "evidence"), "state")).run(out);
    }

    private int csv(String text, LimitProcess process, Out out) {
        ObjectNode document = Json.object();
        ArrayNode ticks = document.putArray("ticks");
        int number = 0;
        for (Tick tick : TicksCsv.parse(text)) {
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

    /** A decimal has no negative zero, unlike a double. */
    static String decimal(double value) {
        return new BigDecimal(value).setScale(DECIMALS, RoundingMode.HALF_EVEN).toPlainString();
    }
}
