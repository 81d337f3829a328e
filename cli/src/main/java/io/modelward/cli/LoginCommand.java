package io.modelward.cli;

import io.modelward.client.DeviceLogIn;
import io.modelward.client.KeptTokens;
import io.modelward.client.ModelwardClient;
import io.modelward.core.json.Json;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(
        name = "login",
        description = {
            "Logs you in at the server's identity provider, and keeps the token for later commands.",
            "The command prints an address and a code; open the address in any browser and enter the code. With --token"
                    + " - a token that you have is checked and kept instead."
        },
        footer = {
            "",
            "Examples:",
            "  modelward login --url https://models.example.org",
            "  modelward login --token - < token.txt"
        })
final class LoginCommand extends ServerCommand {

    @Override
    ModelwardClient client(Connection connection) throws IOException {
        return connection.clientOfGivenToken();
    }

    @Override
    int run(ModelwardClient client, Out out) throws IOException {
        Optional<String> given = connection().givenToken();
        JsonNode known =
                given.isPresent() ? client.access().whoami() : client.access().logIn();
        if (Text.of(known, "access").equals("off")) {
            out.json(Json.object().put("access", "off"));
            out.line("The server does not ask who its callers are: there is nothing to log in to.");
            return ExitCodes.DONE;
        }
        if (given.isPresent()) {
            keep(out, new KeptTokens.Kept(given.get(), Text.of(known, "subject"), Text.of(known, "expires_at")));
        } else {
            JsonNode made = logIn(client, known, out);
            keep(
                    out,
                    new KeptTokens.Kept(Text.of(made, "token"), Text.of(made, "subject"), Text.of(made, "expires_at")));
        }
        return ExitCodes.DONE;
    }

    private static JsonNode logIn(ModelwardClient client, JsonNode described, Out out) {
        try (DeviceLogIn device = new DeviceLogIn(described)) {
            DeviceLogIn.Codes codes = device.begin();
            out.note("Open " + codes.page());
            out.note("and enter the code " + codes.code());
            codes.whole().ifPresent(whole -> out.note("or open " + whole));
            out.note("The code is good for "
                    + Text.plural(Math.max(1, codes.life().toMinutes()), "minute") + ". Waiting …");
            return client.access().logIn(device.await(codes));
        }
    }

    private void keep(Out out, KeptTokens.Kept kept) throws IOException {
        KeptTokens tokens = connection().keptTokens();
        tokens.keep(connection().origin(), kept);
        out.json(Json.object()
                .put("url", connection().origin().toString())
                .put("subject", kept.subject())
                .put("expires_at", kept.expires())
                .put("kept_in", tokens.file().toString()));
        String until = Text.time(Json.object().put("at", kept.expires()), "at");
        out.good("You are " + kept.subject() + " at " + connection().origin()
                + (until.isEmpty() ? "." : " until " + until + "."));
        out.hint("The token is kept in " + tokens.file() + ". modelward logout ends it.");
        if (connection().hasVariable()) {
            out.note("While " + Credential.VARIABLE + " is set, commands send its token instead.");
        }
    }
}
