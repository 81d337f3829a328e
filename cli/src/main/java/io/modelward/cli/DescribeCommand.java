package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Describes a model or a version. */
abstract class DescribeCommand extends ChangeCommand {

    @Parameters(index = "1", paramLabel = "TEXT", description = "the description; an empty one removes it")
    private String text = "";

    @Override
    final void change(ModelwardClient client, Target target, String reason, Out out) {
        out.json(client.changes().describe(target.model(), target.version(), text, reason));
        out.good(target + " is described");
    }

    @Command(name = "describe", description = "Says what a model is for.")
    static final class OfModel extends DescribeCommand {

        @Mixin
        private Target.OfModel of = new Target.OfModel();

        @Override
        Target.Arguments arguments() {
            return of;
        }
    }

    @Command(name = "describe", description = "Says what a version is about.")
    static final class OfVersion extends DescribeCommand {

        @Mixin
        private Target.OfVersion of = new Target.OfVersion();

        @Override
        Target.Arguments arguments() {
            return of;
        }
    }
}
