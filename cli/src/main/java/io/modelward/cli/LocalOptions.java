package io.modelward.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of every command that needs no server. */
final class LocalOptions {

    @Option(names = "--json", description = "print one JSON document, and nothing else")
    private boolean json;

    // picocli sets it.
    @SuppressWarnings("UnusedVariable")
    @Mixin
    private Help help = new Help();

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    Out out() {
        CommandLine line = Objects.requireNonNull(command).commandLine();
        ModelwardCli root = (ModelwardCli) command.root().userObject();
        return new Out(line.getOut(), line.getErr(), line.getColorScheme().ansi(), json || root.json(), root.screen());
    }
}
