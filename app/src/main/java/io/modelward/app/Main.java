package io.modelward.app;

import io.modelward.cli.ModelwardCli;
import java.util.Map;
import picocli.CommandLine;

/** The one program: the server, and the commands that talk to it. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commands(arguments).execute(arguments));
    }

    /** The commands that these arguments may mean. */
    static CommandLine commands(String... arguments) {
        return ModelwardCli.create(arguments, Map.of("serve", ServeCommand.class, "migrate", MigrateCommand.class));
    }
}
