package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.client.RetentionCalls.Scope;
import io.modelward.core.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "remove", description = "Removes the rule of a model, a namespace or the server.")
final class RetentionRemoveCommand extends ServerCommand {

    @Mixin
    private RetentionScopeOptions of = new RetentionScopeOptions();

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later (default: no reason)")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        Scope scope = of.scope();
        client.retention().remove(scope, reason);
        out.json(Json.object());
        String words = RetentionScopeOptions.words(scope);
        out.good(words.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + words.substring(1)
                + " has no rule of its own now");
        return ExitCodes.DONE;
    }
}
