package io.modelward.cli;

import java.util.Optional;
import java.util.OptionalInt;
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
        version = "0.1.0",
        description = "Publishes model versions, serves them, and tells later which one answered.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PublishCommand.class,
            ImportCommand.class,
            ListCommand.class,
            ShowCommand.class,
            DiffCommand.class,
            GetCommand.class,
            AliasCommand.class,
            ModelCommand.class,
            VersionCommand.class,
            EndpointCommand.class,
            PredictCommand.class,
            PredictionsCommand.class,
            TraceCommand.class,
            FlipCommand.class,
            RollbackCommand.class,
            RolloutCommand.class,
            RunsCommand.class,
            VerifyCommand.class,
            StatusCommand.class,
            AuditCommand.class,
            CompletionCommand.class,
            CommandLine.HelpCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 usage, 3 not found, 4 conflict, 5 refused or damaged, 6 rolled back,"
                    + " 7 unreachable or busy, 8 not done within --timeout.",
            "Complete commands in a shell: source <(modelward completion bash), or see modelward completion --help."
        })
public final class ModelwardCli extends Group {

    private static final int HELP_WIDTH = 100;
    private static final int LEAST_HELP_WIDTH = 55;

    @Option(names = "--url", paramLabel = "URL", description = "the server, as after each command")
    private @Nullable String url;

    @Option(names = "--json", description = "one JSON document, as after each command")
    private boolean json;

    @Option(names = "--actor", paramLabel = "NAME", description = "who acts, as after each command")
    private @Nullable String actor;

    private final Screen screen;

    ModelwardCli(Screen screen) {
        this.screen = screen;
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

    /** A new command line; execute it with the user's arguments, and leave with what it returns. */
    public static CommandLine create() {
        return create(Terminal.screen());
    }

    static CommandLine create(Screen screen) {
        OptionalInt columns = screen.columns();
        return new CommandLine(new ModelwardCli(screen))
                .setUsageHelpWidth(Math.clamp(columns.orElse(HELP_WIDTH), LEAST_HELP_WIDTH, HELP_WIDTH))
                .setColorScheme(CommandLine.Help.defaultColorScheme(Terminal.colour()))
                .setParameterExceptionHandler(ErrorReport::usage)
                .setExecutionExceptionHandler(ErrorReport::report)
                .setExpandAtFiles(false);
    }
}
