package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Reference;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "verify",
        description = {
            "Hashes stored files again and names every one that is damaged or missing.",
            "Exit code 5 when there is one."
        })
final class VerifyCommand extends ServerCommand {

    @Parameters(
            arity = "0..1",
            paramLabel = "REFERENCE",
            description = "a model, or one version such as iris@1.0.0 (default: everything)")
    private @Nullable String reference;

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode found = verify(client, Optional.ofNullable(reference));
        out.json(found);
        return Show.verification(out, found);
    }

    private static JsonNode verify(ModelwardClient client, Optional<String> what) {
        if (what.isPresent() && what.get().indexOf('@') >= 0) {
            Reference one = Reference.parse(what.get());
            return client.verify(
                    Optional.of(one.model()), Optional.of(one.selector().toString()));
        }
        return client.verify(what.map(ModelName::parse), Optional.empty());
    }
}
