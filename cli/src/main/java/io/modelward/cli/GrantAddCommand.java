package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "add",
        description = "Gives a role on what you name; each thing named is a grant of its own.",
        footer = {
            "",
            "Examples:",
            "  modelward grant add group:ml-team publisher --model 'team/*'",
            "  modelward grant add service:shop predictor --endpoint iris --reason 'the new shop'",
            "  modelward grant add everyone reader --server"
        })
final class GrantAddCommand extends ServerCommand {

    @Parameters(paramLabel = "SUBJECT", description = "user:ISSUER#NAME, group:NAME, service:NAME, everyone, …")
    private String subject = "";

    @Parameters(
            paramLabel = "ROLE",
            description = "predictor, reader, auditor, publisher, releaser, owner or administrator")
    private String role = "";

    @Mixin
    private ScopeOptions scopes = new ScopeOptions();

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later (default: no reason)")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        ObjectNode json = Json.object();
        ArrayNode grants = json.putArray("grants");
        for (String scope : scopes.scopes()) {
            JsonNode grant = client.access().grant(subject, role, scope, reason);
            grants.add(grant);
            out.good(Text.of(grant, "subject") + " is " + AccessWords.permission(grant) + " (" + Text.of(grant, "id")
                    + ")");
        }
        out.json(json);
        return ExitCodes.DONE;
    }
}
