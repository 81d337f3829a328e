package io.modelward.app;

import io.modelward.cli.ModelwardCli;
import io.modelward.runtime.sandbox.TemporaryFolder;
import java.util.Map;
import picocli.CommandLine;

/** The one program: the server, and the commands that talk to it. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        int code = commands(arguments).execute(arguments);
        if (arguments.length > 0 && arguments[0].equals("serve")) {
            TemporaryFolder.leaveUntaken();
        }
        System.exit(code);
    }

    /** The commands that these arguments may mean. */
    static CommandLine commands(String... arguments) {
        CommandLine root = ModelwardCli.create(
                arguments,
                Map.of("serve", ServeCommand.class, "migrate", MigrateCommand.class, "restore", RestoreCommand.class));
        // These look at files, which the command line over the API does not know.
        CommandLine backup = root.getSubcommands().get("backup");
        if (backup != null) {
            backup.addSubcommand(BackupListCommand.class).addSubcommand(BackupVerifyCommand.class);
        }
        return root;
    }
}
