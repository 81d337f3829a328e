package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "explain",
        description = "Says whether somebody may do something, and by which grants.",
        footer = {
            "",
            "Examples:",
            "  modelward grant explain group:ml-team publish team/iris",
            "  modelward grant explain service:shop predict endpoint:iris"
        })
final class GrantExplainCommand extends ServerCommand {

    @Parameters(paramLabel = "SUBJECT", description = "user:ISSUER#NAME, group:NAME, service:NAME, everyone, …")
    private String subject = "";

    @Parameters(
            paramLabel = "ACTION",
            description = "read, predict, publish, describe, track, release, delete, audit, grant or administer")
    private String action = "";

    @Parameters(
            paramLabel = "OBJECT",
            description =
                    "a model, such as team/iris, an endpoint, such as endpoint:iris, experiment:NAME, or * for the"
                            + " server")
    private String object = "";

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode told = client.access().explain(subject, action, on(object));
        out.json(told);
        boolean allowed = told.path("allowed").asBoolean(false);
        String words = Text.of(told, "subject") + (allowed ? " may " : " may not ") + Text.of(told, "action") + " "
                + Text.of(told, "on");
        if (allowed) {
            out.good(words);
        } else {
            out.bad(words);
        }
        if (told.path("disabled").asBoolean(false)) {
            out.warning(Text.of(told, "subject") + " is disabled");
        }
        out.field("roles", Show.joined(told.path("roles_that_allow")));
        out.field("can grant", Show.joined(told.path("who_can_grant")));
        if (!told.path("because").isEmpty()) {
            out.blank();
            out.indented(AccessWords.grants(told.path("because")));
        }
        return ExitCodes.DONE;
    }

    /** As the server names things: what has no kind is a model. */
    static String on(String object) {
        return object.equals("*") || object.indexOf(':') >= 0 ? object : "model:" + ModelName.parse(object);
    }
}
