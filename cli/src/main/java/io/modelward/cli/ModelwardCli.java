package io.modelward.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root command {@code modelward}. The application adds {@code serve} to it, because this module knows no server. */
@Command(
        name = "modelward",
        mixinStandardHelpOptions = true,
        version = "0.1.0",
        description = "Publishes model versions, serves them, and tells later which one answered.")
public final class ModelwardCli {

    ModelwardCli() {}

    /** A new command line; execute it with the user's arguments, and leave with what it returns. */
    public static CommandLine create() {
        return new CommandLine(new ModelwardCli());
    }
}
