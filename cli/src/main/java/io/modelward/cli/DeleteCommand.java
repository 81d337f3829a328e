package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Deletes a model or a version. */
abstract class DeleteCommand extends ChangeCommand {

    @Override
    final void change(ModelwardClient client, Target target, String reason, Out out) {
        client.changes().delete(target.model(), target.version(), reason);
        out.json(Json.object());
        out.good(target + " is deleted");
    }

    @Command(
            name = "delete",
            description =
                    "Deletes a model with its versions, unless one of them serves. undelete brings the model back.")
    static final class OfModel extends DeleteCommand {

        @Mixin
        private Target.OfModel of = new Target.OfModel();

        @Override
        Target.Arguments arguments() {
            return of;
        }
    }

    @Command(
            name = "delete",
            description = "Deletes a version, unless an endpoint serves it. undelete brings the version back, but not"
                    + " its aliases.")
    static final class OfVersion extends DeleteCommand {

        @Mixin
        private Target.OfExactVersion of = new Target.OfExactVersion();

        @Override
        Target.Arguments arguments() {
            return of;
        }
    }
}
