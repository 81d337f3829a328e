package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Sets and removes tags of a model or a version, one after the other. */
abstract class TagCommand extends ChangeCommand {

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY=VALUE", description = "tags to set")
    private List<String> set = List.of();

    @Option(names = "--remove", paramLabel = "KEY", description = "a tag to remove; may be repeated")
    private List<String> removed = List.of();

    @Override
    final void check() {
        if (set.isEmpty() && removed.isEmpty()) {
            throw new Usage("Name a tag: KEY=VALUE sets it, --remove KEY removes it.");
        }
        if (set.stream().anyMatch(tag -> tag.indexOf('=') < 1)) {
            throw new Usage("A tag is written KEY=VALUE.");
        }
    }

    @Override
    final void change(ModelwardClient client, Target target, String reason, Out out) {
        for (String tag : set) {
            int equals = tag.indexOf('=');
            String value = tag.substring(equals + 1);
            client.changes().tag(target.model(), target.version(), tag.substring(0, equals), value, reason);
        }
        removed.forEach(key -> client.changes().untag(target.model(), target.version(), key, reason));
        JsonNode now = target.read(client);
        out.json(now);
        out.good("the tags of " + target + " are changed");
        out.field("tags", Show.members(now.path("tags"), Integer.MAX_VALUE));
    }

    @Command(name = "tag", description = "Sets and removes tags of a model.")
    static final class OfModel extends TagCommand {

        @Mixin
        private Target.OfModel of = new Target.OfModel();

        @Override
        Target.Arguments arguments() {
            return of;
        }
    }

    @Command(name = "tag", description = "Sets and removes tags of a version.")
    static final class OfVersion extends TagCommand {

        @Mixin
        private Target.OfVersion of = new Target.OfVersion();

        @Override
        Target.Arguments arguments() {
            return of;
        }
    }
}
