package io.modelward.cli;

import io.modelward.client.ApiException;
import io.modelward.client.KeptTokens;
import io.modelward.client.ModelwardClient;
import io.modelward.client.Unreachable;
import io.modelward.core.json.Json;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(
        name = "logout",
        description = "Ends the token that modelward login keeps for the server, and forgets it.",
        footer = {"", "Example: modelward logout --url https://models.example.org"})
final class LogoutCommand extends ServerCommand {

    private static final int UNKNOWN = 401;

    @Override
    ModelwardClient client(Connection connection) throws IOException {
        return connection.clientOfKeptToken();
    }

    @Override
    int run(ModelwardClient client, Out out) throws IOException {
        KeptTokens tokens = connection().keptTokens();
        if (tokens.find(connection().origin()).isEmpty()) {
            out.json(Json.object().put("ended", false).put("forgotten", false));
            out.line("You are not logged in at " + connection().origin() + ".");
            return ExitCodes.DONE;
        }
        String problem = end(client);
        tokens.forget(connection().origin());
        out.json(Json.object().put("ended", problem.isEmpty()).put("forgotten", true));
        if (problem.isEmpty()) {
            out.good("You are logged out at " + connection().origin() + ".");
            return ExitCodes.DONE;
        }
        out.note(problem);
        out.note("The token is forgotten here. The server did not end it: whoever has a copy can use it until it"
                + " expires.");
        return ExitCodes.UNREACHABLE;
    }

    /** @return what went wrong; empty when the token is good no more */
    private static String end(ModelwardClient client) {
        try {
            client.access().logOut();
        } catch (ApiException refused) {
            return refused.status() == UNKNOWN ? "" : refused.detail();
        } catch (Unreachable away) {
            return String.valueOf(away.getMessage());
        }
        return "";
    }
}
