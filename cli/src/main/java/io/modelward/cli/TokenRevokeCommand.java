package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "revoke",
        description = "Ends a token at once. Another one of yours can be named when only one has the name.",
        footer = {"", "Example: modelward token revoke ci --reason 'the build moved'"})
final class TokenRevokeCommand extends ServerCommand {

    @Parameters(paramLabel = "ID_OR_NAME", description = "as modelward token list shows it")
    private String token = "";

    @Option(names = "--all", description = "look for the name among everybody's tokens; for administrators")
    private boolean all;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later (default: no reason)")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        String id = id(client);
        client.access().revokeToken(id, reason);
        out.json(Json.object());
        out.good("Token " + id + " is revoked");
        return ExitCodes.DONE;
    }

    private String id(ModelwardClient client) {
        List<JsonNode> tokens = client.access()
                .tokens(all, Integer.MAX_VALUE)
                .path("tokens")
                .valueStream()
                .toList();
        boolean isId = token.matches("t-[0-9a-f]{16}");
        if (isId && tokens.stream().noneMatch(one -> isNamed(one, token))) {
            return token;
        }
        List<String> named = tokens.stream()
                .filter(one -> isId ? Text.of(one, "id").equals(token) : isNamed(one, token))
                .map(one -> Text.of(one, "id"))
                .toList();
        if (named.isEmpty()) {
            throw ProblemException.notFound("No token " + (all ? "" : "of yours ") + "that is good has the name "
                    + Quoted.of(token) + ". See: modelward token list" + (all ? " --all" : ""));
        }
        if (named.size() > 1) {
            throw new Usage(named.size() + " tokens have the name " + Quoted.of(token) + ". Say which by its id: "
                    + named.stream().limit(10).collect(Collectors.joining(", ")) + ".");
        }
        return named.getFirst();
    }

    private static boolean isNamed(JsonNode one, String name) {
        return Text.of(one, "name").equals(name) && TokenListCommand.state(one).equals("good");
    }
}
