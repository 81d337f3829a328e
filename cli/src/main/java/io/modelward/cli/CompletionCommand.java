package io.modelward.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = {
            "Prints a script that completes commands and options in a shell.",
            "bash: source <(modelward completion bash)",
            "zsh:  source <(modelward completion zsh)",
            "fish: modelward completion fish | source",
            "Put the line into the file that the shell reads at its start, such as ~/.bashrc."
        })
final class CompletionCommand implements Runnable {

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish")
    private Shell shell = Shell.bash;

    // picocli sets it.
    @SuppressWarnings("UnusedVariable")
    @Mixin
    private Help help = new Help();

    @Spec
    private @Nullable CommandSpec command;

    private enum Shell {
        bash,
        zsh,
        fish
    }

    @Override
    public void run() {
        CommandSpec root = Objects.requireNonNull(command).root();
        String script = shell == Shell.fish
                ? FishCompletion.of(root)
                // The script is for both: in zsh it loads what understands bash's completions.
                : AutoComplete.bash(root.name(), root.commandLine());
        command.commandLine().getOut().println(script.stripTrailing());
        command.commandLine().getOut().flush();
    }
}
