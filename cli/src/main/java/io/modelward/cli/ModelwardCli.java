package io.modelward.cli;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
                    + " 7 unreachable or busy, 8 not done within --timeout, 9 not logged in or not allowed.",
            "Complete commands in a shell: source <(modelward completion bash), or see modelward completion --help."
        })
public final class ModelwardCli extends Group {

    /** A terminal is asked for its width, which takes a process, only when it may be needed. */
    private static final Set<String> HELP = Set.of("-h", "--help", "help");

    private static final int HELP_WIDTH = 100;
    private static final int LEAST_HELP_WIDTH = 55;

    @Option(names = "--url", paramLabel = "URL", description = "the server, as after each command")
    private @Nullable String url;

    @Option(names = "--json", description = "one JSON document, as after each command")
    private boolean json;

    @Option(names = "--actor", paramLabel = "NAME", description = "who acts, as after each command")
    private @Nullable String actor;

    @Option(names = "--token", paramLabel = "-", description = "reads a token, as after each command")
    private @Nullable String token;

    @Option(names = "--insecure-http", description = "lets a token go unencrypted, as after each command")
    private boolean insecureHttp;

    private final Screen screen;
    private final Surroundings surroundings;

    ModelwardCli(Screen screen, Surroundings surroundings) {
        this.screen = screen;
        this.surroundings = surroundings;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    Optional<String> token() {
        return Optional.ofNullable(token);
    }

    boolean insecureHttp() {
        return insecureHttp;
    }

    Optional<String> url() {
        return Optional.ofNullable(url);
    }

    boolean json() {
        return json;
    }

    Screen screen() {
        return screen;
    }

    Optional<String> actor() {
        return Optional.ofNullable(actor);
    }

    /** A new command line with all commands; execute it with the user's arguments, and leave with what it returns. */
    public static CommandLine create() {
        return create(Terminal.screen());
    }

    static CommandLine create(Screen screen) {
        return create(screen, Surroundings.real());
    }

    static CommandLine create(Screen screen, Surroundings surroundings) {
        return create(new String[0], Map.of(), screen, surroundings);
    }

    /**
     * A new command line with what the arguments need: the command that they begin with, or all commands. To look at
     * one command takes milliseconds, to look at all of them takes longer than most commands run.
     *
     * @param more commands of the application, by name
     */
    public static CommandLine create(String[] arguments, Map<String, Class<?>> more) {
        return create(arguments, more, Terminal.screen(), Surroundings.real());
    }

    private static CommandLine create(
            String[] arguments, Map<String, Class<?>> more, Screen screen, Surroundings surroundings) {
        CommandLine root = new CommandLine(new ModelwardCli(screen, surroundings));
        root.getCommandSpec().version(Release.VERSION);
        Map<String, Class<?>> commands = new LinkedHashMap<>(Commands.ALL);
        commands.putAll(more);
        Class<?> wanted = arguments.length == 0 ? null : commands.get(arguments[0]);
        if (wanted != null && wanted != CompletionCommand.class) {
            root.addSubcommand(wanted);
        } else if (!List.of(arguments).equals(List.of("--version"))) {
            commands.values().forEach(root::addSubcommand);
            root.addSubcommand(new CommandLine.HelpCommand());
        }
        if (arguments.length == 0 || !Collections.disjoint(List.of(arguments), HELP)) {
            int columns = screen.columns().orElse(HELP_WIDTH);
            root.setUsageHelpWidth(Math.clamp(columns, LEAST_HELP_WIDTH, HELP_WIDTH));
        }
        return root.setColorScheme(CommandLine.Help.defaultColorScheme(Terminal.colour()))
                .setParameterExceptionHandler(ErrorReport::usage)
                .setExecutionExceptionHandler(ErrorReport::report)
                .setExpandAtFiles(false);
    }
}
