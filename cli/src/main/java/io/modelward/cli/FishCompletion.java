package io.modelward.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Completions for the shell fish, made from the commands themselves. */
final class FishCompletion {

    private static final String SEEN = "__fish_seen_subcommand_from";

    private final String program;
    private final StringBuilder script = new StringBuilder();

    private FishCompletion(String program) {
        this.program = program;
    }

    static String of(CommandSpec root) {
        FishCompletion completion = new FishCompletion(root.name());
        completion.script.append("# Completions of ").append(root.name()).append(" for fish.\n");
        completion.script.append("complete -c ").append(root.name()).append(" -f\n");
        completion.command(root, List.of());
        return completion.script.toString();
    }

    /** @param path the names of the commands from below the root down to this one */
    private void command(CommandSpec command, List<String> path) {
        for (CommandLine below : command.subcommands().values()) {
            CommandSpec spec = below.getCommandSpec();
            if (!spec.usageMessage().hidden()) {
                List<String> others = List.copyOf(command.subcommands().keySet());
                line(
                        at(path, others),
                        "-a " + quoted(spec.name()),
                        first(
                                spec.usageMessage().description(),
                                spec.usageMessage().header()));
            }
        }
        for (OptionSpec option : command.options()) {
            if (!option.hidden()) {
                option(option, at(path, List.of()));
            }
        }
        if (command.subcommands().isEmpty() && takesFile(command)) {
            line(at(path, List.of()), "-F", "");
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            if (parameter.type().isEnum()) {
                line(at(path, List.of()), "-a " + quoted(values(parameter)), first(parameter.description()));
            }
        }
        for (CommandLine below : command.subcommands().values()) {
            List<String> longer = new ArrayList<>(path);
            longer.add(below.getCommandName());
            command(below.getCommandSpec(), longer);
        }
    }

    private void option(OptionSpec option, String at) {
        StringBuilder words = new StringBuilder();
        for (String name : option.names()) {
            words.append(words.isEmpty() ? "" : " ")
                    .append(name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1));
        }
        boolean file = option.type().equals(java.nio.file.Path.class);
        words.append(option.arity().max() == 0 ? "" : file ? " -r -F" : " -x");
        if (option.type().isEnum()) {
            words.append(" -a ").append(quoted(values(option)));
        }
        line(at, words.toString(), first(option.description()));
    }

    private static String values(ArgSpec one) {
        return String.join(" ", one.completionCandidates());
    }

    private static boolean takesFile(CommandSpec command) {
        return command.positionalParameters().stream()
                .anyMatch(parameter -> parameter.type().equals(java.nio.file.Path.class)
                        || parameter.paramLabel().equals("FILE"));
    }

    /** The condition: all of the path was written, and none of the commands that could follow it. */
    private static String at(List<String> path, List<String> next) {
        List<String> conditions = new ArrayList<>();
        path.forEach(name -> conditions.add(SEEN + " " + name));
        if (!next.isEmpty()) {
            conditions.add("not " + SEEN + " " + String.join(" ", next));
        } else if (path.isEmpty()) {
            conditions.add("__fish_use_subcommand");
        }
        return String.join("; and ", conditions);
    }

    private void line(String condition, String words, String description) {
        script.append("complete -c ")
                .append(program)
                .append(" -n ")
                .append(quoted(condition))
                .append(' ')
                .append(words);
        if (!description.isEmpty()) {
            script.append(" -d ").append(quoted(description));
        }
        script.append('\n');
    }

    /** The first line of the first of these that says something. */
    private static String first(String[]... texts) {
        for (String[] text : texts) {
            if (text.length > 0 && !text[0].startsWith("%")) {
                return text[0].replaceFirst(" \\(default: .*", "");
            }
        }
        return "";
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
