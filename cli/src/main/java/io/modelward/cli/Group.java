package io.modelward.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that does nothing itself but has others below it. */
abstract class Group implements Runnable {

    @Spec
    private @Nullable CommandSpec command;

    @Override
    public final void run() {
        CommandSpec named = Objects.requireNonNull(command);
        throw new ParameterException(
                named.commandLine(),
                "A command is missing after " + named.qualifiedName() + ": "
                        + String.join(", ", named.subcommands().keySet()) + ".");
    }
}
