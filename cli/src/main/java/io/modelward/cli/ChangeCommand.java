package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Option;

/**
 * A command that changes a model or a version. A subclass says how; its nested commands say with which arguments a
 * model or a version is named.
 */
abstract class ChangeCommand extends ServerCommand {

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later")
    private String reason = "";

    @Override
    final int run(ModelwardClient client, Out out) {
        check();
        change(client, arguments().find(client), reason, out);
        return ExitCodes.DONE;
    }

    abstract Target.Arguments arguments();

    /** Checks the other arguments, before the server is asked for anything. */
    void check() {}

    abstract void change(ModelwardClient client, Target target, String reason, Out out);
}
