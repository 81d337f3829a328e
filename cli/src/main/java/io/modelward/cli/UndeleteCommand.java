package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** Brings a deleted model or version back. */
abstract class UndeleteCommand extends ChangeCommand {

    @Override
    final void change(ModelwardClient client, Target target, String reason, Out out) {
        JsonNode found = client.changes().undelete(target.model(), target.version(), reason);
        out.json(found);
        String versions = ", with " + Text.plural(found.path("versions").asLong(0), "version");
        out.good(target + " is back" + (target.version().isEmpty() ? versions : ""));
    }

    @Command(name = "undelete", description = "Brings back the model that was deleted last under a name.")
    static final class OfModel extends UndeleteCommand {

        @Mixin
        private Target.OfModel of = new Target.OfModel();

        @Override
        Target.Arguments arguments() {
            return of;
        }
    }

    @Command(name = "undelete", description = "Brings back a version that was deleted.")
    static final class OfVersion extends UndeleteCommand {

        @Mixin
        private Target.OfExactVersion of = new Target.OfExactVersion();

        @Override
        Target.Arguments arguments() {
            return of;
        }
    }
}
