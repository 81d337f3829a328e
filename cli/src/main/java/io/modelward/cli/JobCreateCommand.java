package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.client.TransferProgress;
import io.modelward.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "create",
        description = {
            "Makes a job that trains a model. The code and the data are uploaded now and kept with the job.",
            "The command stands at the end, after two hyphens."
        },
        footer = {
            "",
            "Examples:",
            "  modelward job create iris-weekly --model iris --schedule \"0 3 * * MON\" --timezone Europe/Berlin \\",
            "    --repository . --data data.csv --require \"accuracy >= champion - 0.005\" --rollout canary \\",
            "    -- python train.py"
        })
final class JobCreateCommand extends ServerCommand {

    private static final Map<String, Integer> UNITS = Map.of("", 0, "k", 10, "m", 20, "g", 30, "t", 40);

    @Parameters(index = "0", paramLabel = "JOB", description = "its name: letters, digits, dots, underscores, hyphens")
    private String job = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "COMMAND", description = "the command and its arguments")
    private List<String> command = new ArrayList<>();

    @Option(names = "--model", paramLabel = "MODEL", required = true, description = "the model it trains (required)")
    private String model = "";

    @Option(
            names = "--repository",
            paramLabel = "DIR|URL@COMMIT",
            required = true,
            description = "the folder of the code, or a commit of a git repository (required)")
    private String repository = "";

    @Option(
            names = "--schedule",
            paramLabel = "CRON",
            description = "five fields of cron, @daily, or \"every 6h\" (default: only when somebody asks)")
    private @Nullable String schedule;

    @Option(names = "--timezone", paramLabel = "ZONE", description = "of the schedule (default: UTC)")
    private @Nullable String timezone;

    @Option(
            names = "--environment",
            paramLabel = "FILE",
            description = "a requirements.txt (default: the environment that pickled models share)")
    private @Nullable Path environment;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "a file that is put beside the code; may be repeated (default: none)")
    private List<Path> data = new ArrayList<>();

    @Option(
            names = "--bump",
            paramLabel = "KIND",
            description = "patch, minor or major: how versions without a number are counted up (default: minor)")
    private @Nullable String bump;

    @Option(
            names = "--require",
            paramLabel = "DEMAND",
            description = "such as \"accuracy >= champion - 0.005\"; may be repeated (default: none)")
    private List<String> require = new ArrayList<>();

    @Option(
            names = "--rollout",
            paramLabel = "STRATEGY",
            description = "roll each version out: canary, blue-green, ab or shadow (default: versions wait for people)")
    private @Nullable String rollout;

    @Option(
            names = "--endpoint",
            paramLabel = "NAME",
            description = "where to roll out (default: each endpoint that the model serves)")
    private @Nullable String endpoint;

    @Option(names = "--timeout", paramLabel = "DURATION", description = "of a run (default: 1h)")
    private @Nullable String timeout;

    @Option(names = "--memory", paramLabel = "SIZE", description = "of a run, such as 4g (default: 4g)")
    private @Nullable String memory;

    @Option(names = "--disk", paramLabel = "SIZE", description = "of a run, such as 2g (default: 2g)")
    private @Nullable String disk;

    @Option(
            names = "--missed",
            paramLabel = "POLICY",
            description = "times at which no server ran: skip, or run once (default: skip)")
    private @Nullable String missed;

    @Option(
            names = "--overlap",
            paramLabel = "POLICY",
            description = "due while a run is at work: skip, queue or replace (default: skip)")
    private @Nullable String overlap;

    @Option(
            names = "--variable",
            paramLabel = "NAME=VALUE",
            description = "a variable of the environment; may be repeated (default: none)")
    private Map<String, String> variables = new TreeMap<>();

    @Option(
            names = "--secret",
            paramLabel = "NAME",
            description = "a variable of this shell that the job gets as a secret; may be repeated (default: none)")
    private List<String> secrets = new ArrayList<>();

    @Option(names = "--seed", paramLabel = "N", description = "given to the command as MODELWARD_SEED (default: 0)")
    private @Nullable Long seed;

    @Option(
            names = "--notify",
            paramLabel = "CHANNEL",
            description = "a channel that is told of this job in any case; may be repeated (default: none)")
    private List<String> channels = new ArrayList<>();

    @Option(names = "--hook", description = "let signed calls start it; the key is told once (default: no)")
    private boolean hook;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later (default: no reason)")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) throws IOException {
        ObjectNode json = Json.object().put("job", job).put("model", model);
        command.forEach(json.putArray("command")::add);
        if (command.isEmpty()) {
            throw new Usage("Say which command trains the model, after two hyphens: -- python train.py");
        }
        put(json, "schedule", schedule);
        put(json, "timezone", timezone);
        put(json, "bump", bump);
        put(json, "rollout", rollout);
        put(json, "endpoint", endpoint);
        put(json, "timeout", timeout);
        put(json, "missed", missed);
        put(json, "overlap", overlap);
        size(json, "memory", memory);
        size(json, "disk", disk);
        if (seed != null) {
            json.put("seed", seed);
        }
        require.forEach(json.putArray("require")::add);
        channels.forEach(json.putArray("notify")::add);
        ObjectNode given = json.putObject("variables");
        variables.forEach(given::put);
        if (!secrets.isEmpty()) {
            ObjectNode hidden = json.putObject("secrets");
            for (String name : secrets) {
                hidden.put(name, secret(name));
            }
        }
        if (hook) {
            json.put("hook", true);
        }
        json.put("reason", reason);
        if (environment != null) {
            ArrayNode lines = json.putArray("requirements");
            lines(environment).forEach(lines::add);
        }
        try (JobCodeArchive code = JobCodeArchive.of(repository)) {
            upload(client, json, code);
        }
        JsonNode made = client.jobs().create(json);
        out.json(made);
        tell(out, made);
        return ExitCodes.DONE;
    }

    private void upload(ModelwardClient client, ObjectNode json, JobCodeArchive code) throws IOException {
        ObjectNode kept = json.putObject("code")
                .put("archive", Text.of(client.jobs().upload(code.file(), TransferProgress.NONE), "sha256"));
        code.repository().ifPresent(where -> kept.put("repository", where));
        code.commit().ifPresent(commit -> kept.put("commit", commit));
        ArrayNode files = json.putArray("data");
        for (Path file : data) {
            if (!Files.isRegularFile(file)) {
                throw new Usage("--data names no file: " + file);
            }
            files.addObject()
                    .put("name", String.valueOf(file.getFileName()))
                    .put("sha256", Text.of(client.jobs().upload(file, TransferProgress.NONE), "sha256"));
        }
    }

    private static void put(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static void size(ObjectNode json, String name, @Nullable String value) {
        if (value == null) {
            return;
        }
        String text = value.toLowerCase(Locale.ROOT);
        String number = text.replaceAll("[^0-9].*$", "");
        Integer shift = UNITS.get(text.substring(number.length()).replaceAll("i?b$", ""));
        if (number.isEmpty() || number.length() > 12 || shift == null) {
            throw new Usage("--" + name + " is a size, such as 512m or 4g.");
        }
        json.put(name, Long.parseLong(number) << shift);
    }

    private static String secret(String name) {
        String value = System.getenv(name);
        if (value == null) {
            throw new Usage("--secret " + name + " names a variable of this shell, and there is none. Set it first:"
                    + " the value is not written on the command line, where others can read it.");
        }
        return value;
    }

    /** What stands in a requirements file; comments are left out. */
    private static List<String> lines(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new Usage("--environment names no file: " + file);
        }
        return Files.readAllLines(file).stream()
                .map(line -> line.replaceFirst("(^|\\s)#.*$", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static void tell(Out out, JsonNode made) {
        String name = Text.of(made, "job");
        out.good("Job " + name + " trains " + Text.of(made, "model"));
        out.field("command", Show.joined(made.path("command")).replace(", ", " "));
        out.field("schedule", JobWords.schedule(made));
        out.field("next", Text.of(made, "next_at"));
        if (made.path("hook_key").isString()) {
            out.field("key of calls", Text.of(made, "hook_key"));
            out.warning("The key is told this once. Whoever signs calls with it can start the job.");
        }
        out.hint("Try it: modelward job run " + name + " --follow");
    }
}
