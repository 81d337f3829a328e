package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.client.TokenCall;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "create",
        description = {
            "Makes a token that has a role on what you name, and never more than you have yourself.",
            "The standard output has the token alone. It is shown this once."
        },
        footer = {
            "",
            "Examples:",
            "  T=$(modelward token create ci --role publisher --model 'iris*' --expires 30d)",
            "  modelward token create shop --role predictor --endpoint iris --owner service:shop"
        })
final class TokenCreateCommand extends ServerCommand {

    @Parameters(paramLabel = "NAME", description = "what the audit log calls the token")
    private String name = "";

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            required = true,
            description = "predictor, reader, auditor, publisher, releaser, owner or administrator (required)")
    private String role = "";

    @Mixin
    private ScopeOptions scopes = new ScopeOptions();

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            description = "how long the token is good, such as 30d or 12h, or until when (default: 90d)")
    private @Nullable String expires;

    @Option(
            names = "--owner",
            paramLabel = "SUBJECT",
            description = "in whose name the token acts, such as service:ci; for administrators (default: you)")
    private @Nullable String owner;

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode made = client.access()
                .createToken(new TokenCall(
                        name, role, scopes.scopes(), Optional.ofNullable(expires), Optional.ofNullable(owner)));
        out.json(made);
        out.data(Text.of(made, "token"));
        out.hint("Token " + Text.of(made, "name") + " (" + Text.of(made, "id") + ") of " + Text.of(made, "owner")
                + " is "
                + AccessWords.permissions(made.path("grants")) + ", until " + Text.time(made, "expires_at")
                + ". It is shown this once.");
        return ExitCodes.DONE;
    }
}
