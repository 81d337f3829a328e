package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** What commands say of jobs and their runs. */
final class JobWords {

    private static final Set<String> BAD = Set.of("FAILED", "TIMED_OUT", "LOST");
    private static final Set<String> OPEN = Set.of("QUEUED", "RUNNING");

    private JobWords() {}

    static String schedule(JsonNode job) {
        if (job.path("paused").asBoolean(false)) {
            return "paused";
        }
        return job.path("schedule").isString()
                ? Text.of(job, "schedule") + " (" + Text.of(job, "timezone") + ")"
                : "when somebody asks";
    }

    static String versions(JsonNode run) {
        return StreamSupport.stream(run.path("versions").spliterator(), false)
                .map(version -> Text.of(version, "version"))
                .collect(Collectors.joining(", "));
    }

    static Table runs(JsonNode list) {
        Table table = new Table("RUN", "#", "STATE", "?STARTED", "?SECONDS", "?VERSIONS", "~OUTCOME");
        list.forEach(run -> table.row(
                Text.of(run, "run"),
                Text.of(run, "number"),
                Text.of(run, "state"),
                Text.time(run, "started_at"),
                Text.of(run, "seconds"),
                versions(run),
                Text.of(run, "outcome")));
        return table;
    }

    static void tell(Out out, JsonNode run) {
        out.field("run", Text.of(run, "run"));
        out.field("state", Text.of(run, "state"));
        out.field("outcome", Text.of(run, "outcome"));
        out.field("versions", versions(run));
    }

    /** Follows the log of a run to the run's end, and answers the exit code. */
    static int follow(ModelwardClient client, Out out, String id) {
        JsonNode run = await(client, out, id);
        out.json(run);
        if (BAD.contains(Text.of(run, "state"))) {
            out.bad(Text.of(run, "state") + ": " + Text.of(run, "outcome"));
        } else {
            out.good(Text.of(run, "state") + ": " + Text.of(run, "outcome"));
        }
        return code(run);
    }

    /** Follows the log of a run to the run's end, and answers the run. */
    static JsonNode await(ModelwardClient client, Out out, String id) {
        LogLines lines = new LogLines(out);
        long from = 0;
        while (true) {
            JsonNode piece = client.jobs().log(id, from);
            lines.add(piece.path("text").asString(""));
            from = piece.path("next").asLong(from);
            JsonNode run = client.jobs().get(id);
            if (piece.path("ended").asBoolean(false) && !OPEN.contains(Text.of(run, "state"))) {
                lines.end();
                return run;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(500);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return run;
            }
        }
    }

    /** Writes a log line by line, as its pieces come. */
    static final class LogLines {

        private final Out out;
        private final StringBuilder open = new StringBuilder();

        LogLines(Out out) {
            this.out = out;
        }

        void add(String text) {
            open.append(text);
            for (int end = open.indexOf("\n"); end >= 0; end = open.indexOf("\n")) {
                write(open.substring(0, end));
                open.delete(0, end + 1);
            }
            out.flush();
        }

        void end() {
            if (!open.isEmpty()) {
                write(open.toString());
                open.setLength(0);
            }
        }

        /** As it is, whatever the width of the terminal. */
        private void write(String line) {
            if (!out.isJson()) {
                out.raw(Text.harmless(line));
            }
        }
    }

    /** What a script is told of a run. */
    static int code(JsonNode run) {
        return switch (Text.of(run, "state")) {
            case "TIMED_OUT" -> ExitCodes.TIMED_OUT;
            case "FAILED", "LOST", "SKIPPED" -> ExitCodes.FAILED;
            default -> ExitCodes.DONE;
        };
    }
}
