package io.modelward.core.job;

import io.modelward.core.digest.Digest;
import io.modelward.core.fields.JsonFields;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.rollout.PlanReader;
import io.modelward.core.rollout.RolloutPlan;
import io.modelward.core.version.Bump;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Reads the plan of a job from JSON, with defaults for what is not said. */
public final class JobPlanReader {

    /** The names of a plan's members. */
    public static final List<String> FIELDS = List.of(
            "model",
            "schedule",
            "timezone",
            "command",
            "code",
            "data",
            "requirements",
            "bump",
            "require",
            "rollout",
            "endpoint",
            "timeout",
            "memory",
            "disk",
            "missed",
            "overlap",
            "variables",
            "seed",
            "notify");

    /** Shorter ones stand within many words, and are not masked in logs. */
    private static final int SHORTEST_SECRET = 4;

    private static final int MOST_WORDS = 200;
    private static final int LONGEST_WORD = 8192;
    private static final int MOST_FILES = 50;
    private static final int MOST_LINES = 500;
    private static final int MOST_VARIABLES = 100;
    private static final int MOST_GATES = 20;
    private static final int MOST_CHANNELS = 20;
    private static final long LEAST_MEMORY = 256L << 20;
    private static final long MOST_BYTES = 1L << 40;
    private static final long USUAL_MEMORY = 4L << 30;
    private static final long USUAL_DISK = 2L << 30;
    private static final Duration LONGEST = Duration.ofDays(14);
    private static final Set<String> TAKEN =
            Set.of("PATH", "HOME", "TMPDIR", "LANG", "PYTHONPATH", "PYTHONHASHSEED", "PYTHONUNBUFFERED");

    private JobPlanReader() {}

    /** @throws ProblemException of kind INVALID naming the member that is wrong */
    public static JobPlan read(JsonNode json) {
        JsonFields fields = new JsonFields(json, "").only(FIELDS);
        Duration timeout = fields.duration("timeout", Duration.ofHours(1));
        if (timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw ProblemException.invalid("timeout", "timeout is from 1s to 14d.");
        }
        Optional<String> schedule = text(fields, "schedule");
        String zone = text(fields, "timezone").orElse("");
        if (schedule.isEmpty() && !zone.isEmpty()) {
            throw ProblemException.invalid("timezone", "A timezone belongs to a schedule. Give a schedule, too.");
        }
        List<String> command = texts(fields, "command", MOST_WORDS, LONGEST_WORD);
        if (command.isEmpty() || command.getFirst().isBlank()) {
            throw ProblemException.invalid(
                    "command", "Say which command trains the model, as a list: [\"python\", \"train.py\"].");
        }
        return new JobPlan(
                ModelName.parse(text(fields, "model")
                        .orElseThrow(() -> ProblemException.invalid("model", "Say which model the job trains."))),
                schedule.map(text -> Schedule.parse(text, zone)),
                command,
                code(fields),
                data(fields),
                texts(fields, "requirements", MOST_LINES, 500),
                fields.word("bump", Bump.MINOR, Bump.values(), Bump::label),
                texts(fields, "require", MOST_GATES, 400).stream()
                        .map(MetricGate::parse)
                        .toList(),
                rollout(fields),
                text(fields, "endpoint").map(EndpointName::parse),
                timeout,
                bytes(fields, "memory", USUAL_MEMORY, LEAST_MEMORY),
                bytes(fields, "disk", USUAL_DISK, 1 << 20),
                fields.word("missed", MissedRun.SKIP, MissedRun.values(), MissedRun::label),
                fields.word("overlap", Overlap.SKIP, Overlap.values(), Overlap::label),
                variables(fields.member("variables"), "variables"),
                fields.whole("seed", 0, (1L << 32) - 1),
                texts(fields, "notify", MOST_CHANNELS, 100));
    }

    private static Optional<String> text(JsonFields fields, String name) {
        return fields.member(name).map(value -> text(value, name));
    }

    private static String text(JsonNode value, String name) {
        if (!value.isString() || value.stringValue().length() > LONGEST_WORD) {
            throw ProblemException.invalid(name, name + " is a text of at most " + LONGEST_WORD + " characters.");
        }
        return value.stringValue();
    }

    private static List<String> texts(JsonFields fields, String name, int most, int longest) {
        Optional<JsonNode> list = fields.member(name);
        if (list.isEmpty()) {
            return List.of();
        }
        if (!list.get().isArray() || list.get().size() > most) {
            throw ProblemException.invalid(name, name + " is a list of at most " + most + " texts.");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode one : list.get()) {
            boolean fits = one.isString()
                    && one.stringValue().length() <= longest
                    && one.stringValue().indexOf(0) < 0
                    && !one.stringValue().isBlank();
            if (!fits) {
                throw ProblemException.invalid(
                        name, name + " has texts of 1 to " + longest + " characters, without the character U+0000.");
            }
            texts.add(one.stringValue());
        }
        return texts;
    }

    private static JobCode code(JsonFields fields) {
        JsonFields code = fields.object("code")
                .orElseThrow(() -> ProblemException.invalid(
                        "code", "Say which code is run: upload a ZIP archive of the folder, and give its digest."))
                .only(List.of("archive", "size", "repository", "commit"));
        return new JobCode(
                digest(code, "archive"),
                code.whole("size", 0, MOST_BYTES),
                code.member("repository").map(value -> shown(value, "code.repository")),
                code.member("commit").map(value -> shown(value, "code.commit")));
    }

    private static String shown(JsonNode value, String name) {
        String text = text(value, name);
        if (text.isBlank() || text.length() > 500 || !Quoted.isPlain(text)) {
            throw ProblemException.invalid(name, name + " has 1 to 500 printable characters.");
        }
        return text;
    }

    private static Digest digest(JsonFields fields, String name) {
        String text = fields.member(name)
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .orElse("");
        if (!text.matches("sha256:[0-9a-f]{64}")) {
            throw ProblemException.invalid(
                    fields.field(name),
                    fields.field(name) + " is the digest of a file that was uploaded for jobs, sha256: and 64"
                            + " hexadecimal digits.");
        }
        return Digest.parse(text);
    }

    private static List<JobFile> data(JsonFields fields) {
        Optional<JsonNode> list = fields.member("data");
        if (list.isEmpty()) {
            return List.of();
        }
        if (!list.get().isArray() || list.get().size() > MOST_FILES) {
            throw ProblemException.invalid("data", "data is a list of at most " + MOST_FILES + " files.");
        }
        List<JobFile> files = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode one : list.get()) {
            JsonFields file = new JsonFields(one, "data[" + files.size() + "]").only(List.of("name", "sha256", "size"));
            String name = file.member("name")
                    .map(value -> text(value, file.field("name")))
                    .orElse("");
            if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_. -]{0,199}") || name.endsWith(".") || name.endsWith(" ")) {
                throw ProblemException.invalid(
                        file.field("name"),
                        "A data file has a plain name: letters, digits, dots, spaces, hyphens and underscores, no"
                                + " folder.");
            }
            if (!names.add(name.toLowerCase(Locale.ROOT))) {
                throw ProblemException.invalid(file.field("name"), "Two data files have the name " + name + ".");
            }
            files.add(new JobFile(name, digest(file, "sha256"), file.whole("size", 0, MOST_BYTES)));
        }
        return files;
    }

    private static Optional<RolloutPlan> rollout(JsonFields fields) {
        return fields.member("rollout").map(value -> {
            JsonNode plan = value.isString() ? Json.object().put("strategy", value.stringValue()) : value;
            try {
                return PlanReader.read(plan);
            } catch (ProblemException wrong) {
                throw ProblemException.invalid("rollout", wrong.problem().detail());
            }
        });
    }

    private static long bytes(JsonFields fields, String name, long usual, long least) {
        Optional<JsonNode> bytes = fields.member(name);
        boolean fits = bytes.isEmpty()
                || (bytes.get().isIntegralNumber()
                        && bytes.get().canConvertToLong()
                        && bytes.get().longValue() >= least
                        && bytes.get().longValue() <= MOST_BYTES);
        if (!fits) {
            throw ProblemException.invalid(
                    name,
                    name + " is a number of bytes from " + least + " (" + (least >> 20) + " MiB) to " + MOST_BYTES
                            + " (1 TiB).");
        }
        return bytes.map(JsonNode::longValue).orElse(usual);
    }

    /**
     * Reads variables of the environment, by their names.
     *
     * @throws ProblemException of kind INVALID naming the member
     */
    public static Map<String, String> variables(Optional<JsonNode> object, String field) {
        Map<String, String> variables = new TreeMap<>();
        if (object.isEmpty()) {
            return variables;
        }
        if (!object.get().isObject() || object.get().size() > MOST_VARIABLES) {
            throw ProblemException.invalid(
                    field, field + " is an object of at most " + MOST_VARIABLES + " names with texts.");
        }
        for (var entry : object.get().properties()) {
            String name = entry.getKey();
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]{0,99}")
                    || TAKEN.contains(name)
                    || name.startsWith("MODELWARD_")
                    || name.startsWith("LD_")) {
                throw ProblemException.invalid(
                        field,
                        Quoted.of(name) + " cannot be a variable of a job: names have letters, digits and underscores,"
                                + " and those that the server sets are its own.");
            }
            boolean fits = entry.getValue().isString()
                    && entry.getValue().stringValue().length() <= LONGEST_WORD
                    && entry.getValue().stringValue().indexOf(0) < 0;
            if (!fits) {
                throw ProblemException.invalid(
                        field, "The value of " + name + " is a text of at most " + LONGEST_WORD + " characters.");
            }
            variables.put(name, entry.getValue().stringValue());
        }
        return variables;
    }

    /**
     * Reads secret variables, by their names.
     *
     * @throws ProblemException of kind INVALID naming {@code secrets}
     */
    public static Map<String, String> secrets(JsonNode object) {
        Map<String, String> secrets = variables(Optional.of(object), "secrets");
        secrets.forEach((name, value) -> {
            if (value.length() < SHORTEST_SECRET) {
                throw ProblemException.invalid(
                        "secrets",
                        "The secret " + name + " has fewer than " + SHORTEST_SECRET
                                + " characters, and would not be masked in logs. Make it a variable, or longer.");
            }
        });
        return secrets;
    }
}
