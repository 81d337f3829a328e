package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.client.RetentionCalls.Scope;
import io.modelward.client.RetentionCalls.Wish;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
        name = "set",
        description = "Sets the rule by which versions are deleted. The rule of a model comes before that of its"
                + " namespace, and that before the server's; only one of them counts.",
        footer = {
            "",
            "Examples:",
            "  modelward retention set iris --keep-last 10 --delete-after 365d",
            "  modelward retention set --namespace team --keep-last 3 --per-major --keep-tag keep",
            "  modelward retention preview iris"
        })
final class RetentionSetCommand extends ServerCommand {

    @Mixin
    private RetentionScopeOptions of = new RetentionScopeOptions();

    @Option(
            names = "--keep-last",
            paramLabel = "N",
            description = "keep the N highest versions by SemVer order (default: 10)")
    private @Nullable Integer keepLast;

    @Option(names = "--per-major", description = "keep so many of each major number (default: no)")
    private boolean perMajor;

    @Option(
            names = "--delete-after",
            paramLabel = "AGE",
            description = "keep what was published less than this ago, such as 36h or 365d (default: 365d)")
    private @Nullable String deleteAfter;

    @Option(
            names = "--keep-tag",
            paramLabel = "KEY[=VALUE]",
            description = "keep versions with this tag; may be given several times (default: none)")
    private List<String> keepTags = List.of();

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later (default: no reason)")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        Scope scope = of.scope();
        Wish wish = new Wish(
                keepLast == null ? OptionalInt.empty() : OptionalInt.of(keepLast),
                perMajor,
                Optional.ofNullable(deleteAfter),
                keepTags);
        JsonNode rule = client.retention().set(scope, wish, reason);
        out.json(rule);
        out.good("The rule of " + RetentionScopeOptions.words(scope) + ": " + RetentionWords.rule(rule));
        if (scope instanceof Scope.Model model) {
            out.hint("Look at what it deletes: modelward retention preview " + model.name());
        }
        return ExitCodes.DONE;
    }
}
