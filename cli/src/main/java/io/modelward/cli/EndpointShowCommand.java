package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import java.math.BigDecimal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "show", description = "Shows an endpoint: what serves it, what its callers rely on, and its worker.")
final class EndpointShowCommand extends ServerCommand {

    @Parameters(paramLabel = "ENDPOINT", description = "its name")
    private String endpoint = "";

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode found = client.endpoint(endpoint);
        out.json(found);
        MoveOptions.tell(out, found, "is served by");
        out.field("since", Text.time(found, "changed_at") + " by " + Text.who(found, "changed_by"));
        out.field("reason", Text.of(found, "reason"));
        out.field("serving", ServingWords.of(found.path("serving"), ""));
        out.field("worker", Show.members(found.path("worker"), Integer.MAX_VALUE));
        JsonNode contract = found.path("contract");
        out.field("callers send", row(contract.path("input")));
        out.field("callers get", contract.has("output") ? SchemaWords.words(contract.path("output")) : "");
        out.blank();
        out.indented(arms(found.path("arms")));
        return ExitCodes.DONE;
    }

    private static String row(JsonNode input) {
        String columns = Show.joined(input.path("columns"));
        return input.has("row")
                ? SchemaWords.words(input.path("row")) + (columns.isEmpty() ? "" : " (" + columns + ")")
                : "";
    }

    private static Table arms(JsonNode arms) {
        Table table = new Table("ARM", "VERSION", ">TRAFFIC", "?DIGEST");
        arms.forEach(arm -> table.row(
                role(arm),
                Text.of(arm, "version"),
                percent(arm.path("weight").asInt(0)),
                Text.shortDigest(arm, "digest")));
        return table;
    }

    /** The role of an arm in people's words: the server's word for the candidate is {@code canary}. */
    static String role(JsonNode arm) {
        return armRole(Text.of(arm, "role"));
    }

    static String armRole(String role) {
        return role.equals("canary") ? "candidate" : role;
    }

    static String percent(int basisPoints) {
        return BigDecimal.valueOf(basisPoints, 2).stripTrailingZeros().toPlainString() + "%";
    }
}
