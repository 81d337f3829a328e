package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "audit", description = "Lists who changed what and why, newest first.")
final class AuditCommand extends ServerCommand {

    @Parameters(
            arity = "0..1",
            paramLabel = "SUBJECT",
            description = "only a model, such as iris, or an endpoint, such as endpoint:iris")
    private @Nullable String subject;

    @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: ${DEFAULT-VALUE})")
    private int limit = 100;

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode audit = client.audit(Optional.ofNullable(subject).map(AuditCommand::whole), Limits.checked(limit));
        out.json(audit);
        if (audit.path("entries").isEmpty()) {
            out.line("Nothing was recorded" + (subject == null ? " yet." : " about " + subject + "."));
        } else {
            out.table(Show.audit(audit.path("entries")));
        }
        return ExitCodes.DONE;
    }

    /** As the log names it: a bare name is a model's. */
    static String whole(String subject) {
        return subject.indexOf(':') >= 0 ? subject : ModelName.parse(subject).toString();
    }
}
