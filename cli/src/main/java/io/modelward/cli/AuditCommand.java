package io.modelward.cli;

import io.modelward.client.AuditCall;
import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Reference;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "audit", description = "Lists who changed what and why, newest first.")
final class AuditCommand extends ServerCommand {

    private static final String ENDPOINT = "endpoint:";

    @Parameters(
            arity = "0..1",
            paramLabel = "SUBJECT",
            description = "only a model, such as iris, a version, such as iris@1.2.0, or an endpoint, such as"
                    + " endpoint:iris (default: all)")
    private @Nullable String subject;

    @Option(names = "--by", paramLabel = "NAME", description = "only what this person did (default: everybody)")
    private @Nullable String by;

    @Option(
            names = "--action",
            paramLabel = "ACTION",
            description = "only this action, such as endpoint.flip, or all of a kind, such as rollout (default: all)")
    private @Nullable String action;

    @Mixin
    private SpanOptions span = new SpanOptions();

    @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: ${DEFAULT-VALUE})")
    private int limit = 100;

    @Override
    int run(ModelwardClient client, Out out) {
        Optional<String> about = Optional.ofNullable(subject).map(text -> whole(client, text));
        JsonNode audit = client.audit(
                new AuditCall(about, Optional.ofNullable(by), Optional.ofNullable(action), span.since(), span.until()),
                Limits.checked(limit));
        out.json(audit);
        if (audit.path("entries").isEmpty()) {
            out.line("Nothing was recorded" + (subject == null ? "" : " about " + subject)
                    + (by == null
                                    && action == null
                                    && span.since().isEmpty()
                                    && span.until().isEmpty()
                            ? " yet."
                            : " that fits."));
        } else {
            out.table(Show.audit(audit.path("entries")));
            Limits.tellMore(out, audit, limit);
        }
        return ExitCodes.DONE;
    }

    /** As the log names it: a bare name is a model's, and a version has its number. */
    private static String whole(ModelwardClient client, String subject) {
        if (subject.startsWith(ENDPOINT) || subject.indexOf('@') < 0) {
            return whole(subject);
        }
        Reference reference = Reference.parse(subject);
        return reference.model() + "@" + VersionFinder.resolve(client, reference);
    }

    static String whole(String subject) {
        return subject.indexOf(':') >= 0 ? subject : ModelName.parse(subject).toString();
    }
}
