package io.modelward.app;

import io.modelward.cli.ModelwardCli;
import picocli.CommandLine;

/** The one program: the server, and the commands that talk to it. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        CommandLine commands = ModelwardCli.create();
        commands.addSubcommand(new ServeCommand());
        commands.addSubcommand(new MigrateCommand());
        System.exit(commands.execute(arguments));
    }
}
