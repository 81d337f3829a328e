package io.modelward.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The root command {@code modelward}. The application adds {@code serve} to it, because this module knows no server.
 */
@Command(
        name = "modelward",
        mixinStandardHelpOptions = true,
        description = "Publishes model versions, serves them, and tells later which one answered.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 usage, 3 not found, 4 conflict, 5 refused or damaged, 6 rolled back,"
                    + " 7 unreachable."
        })
public final class ModelwardCli extends Group {

    @Option(names = "--url", paramLabel = "URL", description = "as after a command")
    private @Nullable String url;

    @Option(names = "--json", description = "as after a command")
    private boolean json;

    @Option(names = "--actor", paramLabel = "NAME", description = "as after a command")
    private @Nullable String actor;

    ModelwardCli() {}

    Optional<String> url() {
        return Optional.ofNullable(url);
    }

    boolean json() {
        return json;
    }

    Optional<String> actor() {
        return Optional.ofNullable(actor);
    }

    /** A new command line with all commands; execute it with the user's arguments, and leave with what it returns. */
    public static CommandLine create() {
        return create(new String[0], Map.of());
    }

    /**
     * A new command line with what the arguments need: the command that they begin with, or all commands. To look at
     * one command takes milliseconds, to look at all of them takes longer than most commands run.
     *
     * @param more commands of the application, by name
     */
    public static CommandLine create(String[] arguments, Map<String, Class<?>> more) {
        CommandLine root = new CommandLine(new ModelwardCli());
        root.getCommandSpec().version(Release.VERSION);
        Map<String, Class<?>> commands = new LinkedHashMap<>(Commands.ALL);
        commands.putAll(more);
        Class<?> wanted = arguments.length == 0 ? null : commands.get(arguments[0]);
        if (wanted != null) {
            root.addSubcommand(wanted);
        } else if (!List.of(arguments).equals(List.of("--version"))) {
            commands.values().forEach(root::addSubcommand);
            root.addSubcommand(new CommandLine.HelpCommand());
        }
        return root.setColorScheme(CommandLine.Help.defaultColorScheme(Terminal.colour()))
                .setParameterExceptionHandler(ErrorReport::usage)
                .setExecutionExceptionHandler(ErrorReport::report)
                .setExpandAtFiles(false);
    }
}
