package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "tag", description = "Sets and removes tags of a model.")
final class ModelTagCommand extends ServerCommand {

    @Parameters(paramLabel = "NAME", description = "the model")
    private String name = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY=VALUE", description = "tags to set")
    private List<String> set = List.of();

    @Option(names = "--remove", paramLabel = "KEY", description = "a tag to remove; may be repeated")
    private List<String> removed = List.of();

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        ModelName model = ModelName.parse(name);
        Tags.change(client, model, Optional.empty(), set, removed, reason);
        JsonNode now = client.model(model);
        out.json(now);
        out.good("the tags of " + model + " are changed");
        out.field("tags", Show.members(now.path("tags"), Integer.MAX_VALUE));
        return ExitCodes.DONE;
    }
}
