package io.modelward.cli;

import io.modelward.client.AuditCall;
import io.modelward.client.ModelwardClient;
import io.modelward.core.json.Json;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Reference;
import io.modelward.core.version.SemVer;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "audit", description = "Lists who changed what and why, newest first.")
final class AuditCommand extends ServerCommand {

    private static final String ENDPOINT = "endpoint:";
    /** So many entries of a model are looked at for those about one version. */
    private static final int LOOKED_AT = 10_000;

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
        JsonNode audit = found(client, Limits.checked(limit));
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

    private JsonNode found(ModelwardClient client, int most) {
        if (subject == null || subject.startsWith(ENDPOINT) || subject.indexOf('@') < 0) {
            return client.audit(call(Optional.ofNullable(subject).map(AuditCommand::whole)), most);
        }
        Reference reference = Reference.parse(subject);
        return ofVersion(client, reference.model(), VersionFinder.resolve(client, reference), most);
    }

    /** The log keeps some acts on a version under the version, and others, such as its publication, under its model. */
    private JsonNode ofVersion(ModelwardClient client, ModelName model, SemVer version, int most) {
        JsonNode own = client.audit(call(Optional.of(model + "@" + version)), most);
        JsonNode ofModel = client.audit(call(Optional.of(model.toString())), LOOKED_AT);
        ObjectNode json = Json.object();
        ArrayNode entries = json.putArray("entries");
        Stream.concat(
                        own.path("entries").valueStream(),
                        ofModel.path("entries")
                                .valueStream()
                                .filter(entry ->
                                        Text.of(entry.path("detail"), "version").equals(version.toString())))
                .sorted(Comparator.comparingLong(
                                (JsonNode entry) -> entry.path("sequence").asLong(0))
                        .reversed())
                .forEach(entries::add);
        return Limits.first(json, "entries", most);
    }

    private AuditCall call(Optional<String> about) {
        return new AuditCall(about, Optional.ofNullable(by), Optional.ofNullable(action), span.since(), span.until());
    }

    /** As the log names it: a bare name is a model's. */
    static String whole(String subject) {
        return subject.indexOf(':') >= 0 ? subject : ModelName.parse(subject).toString();
    }
}
