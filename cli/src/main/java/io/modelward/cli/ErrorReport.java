package io.modelward.cli;

import io.modelward.client.ApiException;
import io.modelward.client.DamagedDownload;
import io.modelward.client.DeviceLogInFailed;
import io.modelward.client.Unreachable;
import io.modelward.client.UnsafeFile;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.JsonNode;

/**
 * Tells people in plain sentences what went wrong, on the error stream, and chooses the exit code. Never a stack trace.
 */
final class ErrorReport {

    private static final int UNKNOWN = 401;

    private ErrorReport() {}

    /** A command line that cannot be read. */
    static int usage(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        print(command, err, Mistakes.words(failure));
        err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return ExitCodes.USAGE;
    }

    /** A command that failed. A server's problem is also the one JSON document of a command that was asked for JSON. */
    static int report(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        told(failure, command).forEach(line -> print(command, err, line));
        err.flush();
        if (failure instanceof ApiException refused && isJsonAsked(command)) {
            new Out(command.getOut(), err, CommandLine.Help.Ansi.OFF, true, Screen.UNLIMITED).json(refused.problem());
            command.getOut().flush();
        }
        return code(failure);
    }

    /** With what to do for whoever is not known to the server: the server knows nothing of this command line. */
    private static List<String> told(Exception failure, CommandLine command) {
        if (!(failure instanceof ApiException refused)
                || refused.status() != UNKNOWN
                || !(command.getCommandSpec().userObject() instanceof ServerCommand asked)) {
            return lines(failure);
        }
        Connection connection = asked.connection();
        String what = connection.whenRefused().orElse("");
        if (what.isEmpty()) {
            return lines(failure);
        }
        String said = connection.hasToken()
                ? refused.detail()
                : "The server at " + connection.origin() + " answers to known callers only.";
        return List.of(said, what);
    }

    /** On a terminal in lines of whole words, as far in as the first. */
    private static void print(CommandLine command, PrintWriter err, String text) {
        Screen screen = command.getCommandSpec().root().userObject() instanceof ModelwardCli root
                ? root.screen()
                : Screen.UNLIMITED;
        String words = Text.shown(text).stripLeading();
        String indent = " ".repeat(text.length() - text.stripLeading().length());
        Cells.wrap(words, screen.room(indent.length())).forEach(line -> err.println(indent + line));
    }

    private static boolean isJsonAsked(CommandLine command) {
        ParseResult parsed = command.getParseResult();
        boolean before = command.getCommandSpec().root().userObject() instanceof ModelwardCli root && root.json();
        return before || (parsed != null && parsed.hasMatchedOption("--json"));
    }

    static int code(Exception failure) {
        return switch (failure) {
            case ApiException refused ->
                refused.problem().has("quarantined_by") ? ExitCodes.ROLLED_BACK : ExitCodes.of(refused.status());
            case TimedOut _ -> ExitCodes.TIMED_OUT;
            case Unreachable _ -> ExitCodes.UNREACHABLE;
            case DamagedDownload _ -> ExitCodes.REFUSED;
            case DeviceLogInFailed _, UnsafeFile _ -> ExitCodes.NOT_ALLOWED;
            case ProblemException wrong -> ExitCodes.of(wrong.problem().type().status());
            case Usage _, NoSuchFileException _ -> ExitCodes.USAGE;
            default -> ExitCodes.FAILED;
        };
    }

    /** The lines with a place before the first of them. */
    static List<String> lines(Exception failure, String place) {
        List<String> lines = new ArrayList<>(lines(failure));
        lines.set(0, place + lines.getFirst());
        return lines;
    }

    static List<String> lines(Exception failure) {
        return switch (failure) {
            case ApiException refused -> problem(refused.detail(), refused.problem());
            case ProblemException wrong -> problem(wrong.problem().detail(), extra(wrong.problem()));
            case NoSuchFileException missing -> List.of("There is no file or directory " + missing.getFile() + ".");
            case AccessDeniedException denied -> List.of("Access to " + denied.getFile() + " is denied.");
            case FileSystemException broken ->
                List.of("The file " + broken.getFile() + " could not be used: "
                        + Optional.ofNullable(broken.getReason()).orElse("the system gives no reason") + ".");
            case IOException broken -> List.of("Reading or writing failed: " + broken.getMessage());
            case Usage _, Unreachable _, DamagedDownload _, TimedOut _, DeviceLogInFailed _, UnsafeFile _ ->
                List.of(String.valueOf(failure.getMessage()));
            default ->
                List.of("This is a mistake in Modelward: " + failure.getClass().getSimpleName() + ", "
                        + failure.getMessage() + ". Please report it.");
        };
    }

    /** A problem that this machine found by itself has the same members as a problem of the server. */
    private static JsonNode extra(Problem problem) {
        return Json.MAPPER.valueToTree(problem.extra());
    }

    private static List<String> problem(String said, JsonNode problem) {
        List<String> lines = new ArrayList<>();
        JsonNode breaking = problem.path("breaking");
        String detail = said.replace("(change_contract)", "(--change-contract)")
                .replaceFirst(" And [0-9]+ more, listed in errors\\.$", " In all:");
        String listed = joined(breaking);
        int at = listed.isEmpty() ? -1 : detail.indexOf(listed);
        lines.add(at < 0 ? detail : detail.substring(0, at).stripTrailing());
        breaking.forEach(finding -> lines.add("  " + Text.of(finding, "path") + ": " + Text.of(finding, "what")
                + (Text.of(finding, "verdict").equals("unknown") ? " (cannot be decided)" : "")));
        if (at >= 0) {
            lines.add(detail.substring(at + listed.length()).replaceFirst("^[.\\s]+", ""));
        }
        String least = Text.of(problem, "least_version");
        if (!least.isEmpty() && !detail.contains(least)) {
            lines.add("The least version allowed is " + least + ".");
        }
        if (!least.isEmpty() && lines.stream().anyMatch(line -> line.endsWith("(cannot be decided)"))) {
            lines.add("What cannot be decided passes with --override-reason.");
        }
        JsonNode errors = problem.path("errors");
        if (errors.size() > 1) {
            errors.forEach(error -> lines.add("  " + Text.of(error, "field") + ": "
                    + (error.has("what") ? Text.of(error, "what") : Text.of(error, "detail"))));
        }
        current(problem.path("current")).ifPresent(lines::add);
        String prediction = Text.of(problem, "prediction_id");
        if (!prediction.isEmpty()) {
            lines.add("Prediction " + prediction + " by " + Text.of(problem, "model") + "@"
                    + Text.of(problem, "model_version") + ".");
        }
        return lines;
    }

    /**
     * The findings as the server writes the first of them into its sentence; on lines of their own they read better.
     */
    private static String joined(JsonNode breaking) {
        List<String> first = new ArrayList<>();
        for (JsonNode finding : breaking) {
            if (first.size() < 5) {
                first.add(Text.of(finding, "path") + ": " + Text.of(finding, "what"));
            }
        }
        return String.join("; ", first);
    }

    private static Optional<String> current(JsonNode current) {
        List<String> members = new ArrayList<>();
        current.properties().forEach(member -> {
            JsonNode value = member.getValue();
            String text = value.isString() ? value.asString() : Json.write(value);
            if (!text.isEmpty()) {
                members.add(member.getKey().replace('_', ' ') + " " + text);
            }
        });
        return members.isEmpty() ? Optional.empty() : Optional.of("Current: " + String.join(", ", members) + ".");
    }
}
