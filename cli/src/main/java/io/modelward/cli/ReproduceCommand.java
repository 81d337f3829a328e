package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.job.Reproduction;
import io.modelward.core.version.Reference;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "reproduce",
        description =
                "Makes a version once more, with the code, data, packages and command that a job made it with, and"
                        + " compares. Ends with exit code 1 when the version was not reproduced.")
final class ReproduceCommand extends ServerCommand {

    @Parameters(index = "0", paramLabel = "REFERENCE", description = "for example iris@1.3.0")
    private String reference = "";

    @Parameters(index = "1..*", arity = "0..*", hidden = true)
    private List<String> more = List.of();

    @Option(
            names = "--tolerance",
            paramLabel = "NUMBER",
            description = "by how much answers and metrics may differ, as a share of the larger number, and as they are"
                    + " below one; only asked where files differ (default: 1e-6)")
    private double tolerance = Reproduction.USUAL_TOLERANCE;

    @Option(names = "--no-wait", description = "start the run and do not wait for its end (default: wait)")
    private boolean noWait;

    @Option(names = "--list", description = "show what came of earlier tries, and start none (default: no)")
    private boolean list;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later (default: no reason)")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        Misplaced.refuse(reference, more);
        Reference version = Reference.parse(reference);
        if (list) {
            JsonNode all = client.jobs()
                    .reproductionsOf(version.model(), version.selector().toString());
            out.json(all);
            tell(out, all.path("reproductions"));
            return ExitCodes.DONE;
        }
        if (!(tolerance >= 0 && tolerance <= 1)) {
            throw new Usage("--tolerance is a number from 0 to 1.");
        }
        JsonNode run =
                client.jobs().reproduce(version.model(), version.selector().toString(), tolerance, reason);
        if (noWait) {
            out.json(run);
            out.good("Run " + Text.of(run, "number") + " makes " + name(run) + " once more");
            out.hint("Follow it: modelward job logs " + Text.of(run, "run") + " --follow");
            return ExitCodes.DONE;
        }
        out.line("Code, data and the list of packages of " + name(run) + " are there, and are what they were.");
        JsonNode ended = JobWords.await(client, out, Text.of(run, "run"));
        out.json(ended);
        return report(out, ended);
    }

    private static String name(JsonNode run) {
        JsonNode made = run.path("reproduction");
        return Text.of(made, "model") + "@" + Text.of(made, "version");
    }

    private static int report(Out out, JsonNode run) {
        JsonNode report = run.path("reproduction").path("report");
        if (report.isMissingNode()) {
            out.bad(Text.of(run, "state") + ": " + Text.of(run, "outcome"));
            return JobWords.code(run) == ExitCodes.DONE ? ExitCodes.FAILED : JobWords.code(run);
        }
        boolean holds = !Text.of(report, "verdict").equals("different");
        out.blank();
        if (holds) {
            out.good(Text.of(report, "words"));
        } else {
            out.bad(Text.of(report, "words"));
        }
        out.field("verdict", Text.of(report, "verdict"));
        out.field("made", Text.of(run, "model") + "@" + Text.of(report, "made"));
        out.field("files", files(report.path("files")));
        out.field("predictions", predictions(report.path("predictions")));
        Table metrics = new Table("METRIC", ">THEN", ">NOW", "HOLDS");
        report.path("metrics")
                .forEach(metric -> metrics.row(
                        Text.of(metric, "name"),
                        Numbers.value(metric.path("then")),
                        Numbers.value(metric.path("now")),
                        metric.path("holds").asBoolean(false) ? "yes" : "no"));
        if (!metrics.isEmpty()) {
            out.blank();
            out.indented(metrics);
        }
        return holds ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    private static String files(JsonNode files) {
        return Text.of(files, "equal") + " equal, " + files.path("different").size() + " different, "
                + files.path("missing").size() + " missing, "
                + files.path("added").size() + " added";
    }

    private static String predictions(JsonNode answers) {
        if (answers.isMissingNode()) {
            return "not needed: the files are equal";
        }
        String failure = Text.of(answers, "failure");
        return failure.isEmpty()
                ? Text.of(answers, "equal") + " equal, " + Text.of(answers, "within") + " within the tolerance, "
                        + Text.of(answers, "different") + " different, of " + Text.of(answers, "sample")
                        + " rows of the sample and " + Text.of(answers, "probes") + " probes"
                : failure;
    }

    private static void tell(Out out, JsonNode all) {
        Table table = new Table("RUN", "STATE", "VERDICT", "?STARTED", "~OUTCOME");
        all.forEach(run -> table.row(
                Text.of(run, "run"),
                Text.of(run, "state"),
                Text.of(run.path("reproduction"), "verdict"),
                Text.time(run, "started_at"),
                Text.of(run, "outcome")));
        if (table.isEmpty()) {
            out.line("Nobody has reproduced this version.");
        } else {
            out.table(table);
        }
    }
}
