package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "show",
        description = "Shows the rule in force for a model, its holds, and what rules deleted; without a model, all"
                + " rules.")
final class RetentionShowCommand extends ServerCommand {

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "the model (default: all rules)")
    private String name = "";

    @Override
    int run(ModelwardClient client, Out out) {
        if (name.isEmpty()) {
            JsonNode rules = client.retention().rules();
            out.json(rules);
            rules(out, rules);
        } else {
            JsonNode standing = client.retention().show(ModelName.parse(name));
            out.json(standing);
            standing(out, standing);
        }
        return ExitCodes.DONE;
    }

    private static void rules(Out out, JsonNode all) {
        if (all.path("rules").isEmpty()) {
            out.line("There is no rule, so nothing is deleted.");
            return;
        }
        Table table = new Table("~OF", "~RULE", "CHANGED", "?~BY", "?~REASON");
        all.path("rules")
                .forEach(rule -> table.row(
                        RetentionWords.scope(rule),
                        RetentionWords.rule(rule),
                        Text.time(rule, "changed_at"),
                        Text.who(rule, "changed_by"),
                        Text.of(rule, "reason")));
        out.table(table);
    }

    private static void standing(Out out, JsonNode standing) {
        JsonNode rule = standing.path("rule");
        out.title(Text.of(standing, "model"));
        out.field("rule", rule.isNull() ? "none, so nothing is deleted" : RetentionWords.rule(rule));
        out.field("rule of", rule.isNull() ? "" : RetentionWords.scope(rule));
        if (!standing.path("holds").isEmpty()) {
            out.blank();
            out.title("Holds");
            Table holds = new Table("VERSION", "SINCE", "~BY", "~REASON");
            standing.path("holds")
                    .forEach(hold -> holds.row(
                            Text.of(hold, "version"),
                            Text.time(hold, "since"),
                            Text.who(hold, "by"),
                            Text.of(hold, "reason")));
            out.indented(holds);
        }
        if (!standing.path("deleted").isEmpty()) {
            out.blank();
            out.title("Deleted by rules");
            Table deleted = new Table("VERSION", "DELETED", "~UNDELETE UNTIL", ">SIZE", "?~BY", "?~REASON");
            standing.path("deleted")
                    .forEach(one -> deleted.row(
                            Text.of(one, "version"),
                            Text.time(one, "deleted_at"),
                            one.has("purged_at") ? "its files are gone" : Text.time(one, "undelete_until"),
                            Sizes.human(one.path("size").asLong()),
                            Text.who(one, "deleted_by"),
                            Text.of(one, "reason")));
            out.indented(deleted);
        }
    }
}
