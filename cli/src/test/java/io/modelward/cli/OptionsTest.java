package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
import io.modelward.core.rollout.PlanJson;
import io.modelward.core.rollout.PlanReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import tools.jackson.databind.JsonNode;

/** What the help of every command says. */
class OptionsTest {

    @Test
    void the_help_of_every_option_says_its_default_or_that_it_is_required() {
        List<String> silent = new ArrayList<>();
        for (CommandSpec command : all(ModelwardCli.create().getCommandSpec())) {
            for (OptionSpec option : command.options()) {
                String words = String.join(" ", option.description());
                boolean flag = option.arity().max() == 0;
                boolean ofTheRoot = words.endsWith("as after each command");
                if (!flag && !ofTheRoot && !words.contains("default: ") && !words.contains("(required)")) {
                    silent.add(command.qualifiedName() + " " + option.longestName() + ": " + words);
                }
                assertThat(words.contains("(required)"))
                        .as(command.qualifiedName() + " " + option.longestName())
                        .isEqualTo(option.required() && option.group() == null);
            }
        }
        assertThat(silent).isEmpty();
    }

    @Test
    void every_command_says_what_it_does_and_has_help() {
        for (CommandSpec command : all(ModelwardCli.create().getCommandSpec())) {
            assertThat(command.usageMessage().description())
                    .as(command.qualifiedName())
                    .isNotEmpty();
            assertThat(command.findOption("--help")).as(command.qualifiedName()).isNotNull();
        }
    }

    @Test
    void every_list_has_a_limit() {
        List<String> lists = List.of(
                "list",
                "audit",
                "predictions",
                "endpoint list",
                "endpoint history",
                "alias list",
                "rollout list",
                "rollout quarantine",
                "runs list",
                "token list",
                "grant list",
                "user list");
        for (String list : lists) {
            CommandLine command = ModelwardCli.create();
            for (String name : list.split(" ")) {
                command = command.getSubcommands().get(name);
            }
            assertThat(command.getCommandSpec().findOption("--limit")).as(list).isNotNull();
        }
    }

    @Test
    void a_rollouts_help_says_the_servers_defaults() {
        JsonNode plan = PlanJson.write(PlanReader.read(Json.object()));
        Map<String, String> defaults = Map.ofEntries(
                Map.entry("--strategy", plan.path("strategy").asString()),
                Map.entry("--steps", Show.joined(plan.path("steps")).replace(" ", "")),
                Map.entry("--min-dwell", plan.path("min_dwell").asString()),
                Map.entry("--min-samples", plan.path("min_samples").asString()),
                Map.entry("--holdback", number(plan.path("holdback"))),
                Map.entry("--on-halt", plan.path("on_halt").asString()),
                Map.entry("--on-inconclusive", plan.path("on_inconclusive").asString()),
                Map.entry("--step-timeout", plan.path("step_timeout").asString()),
                Map.entry("--evidence-deadline", plan.path("evidence_deadline").asString()),
                Map.entry("--incident-rate", number(plan.path("incident_rate"))),
                Map.entry("--rollback-points", number(plan.at("/rollback/points"))),
                Map.entry("--rollback-ratio", number(plan.at("/rollback/ratio"))),
                Map.entry("--rollback-alpha", number(plan.at("/rollback/alpha"))),
                Map.entry("--halt-points", number(plan.at("/halt/points"))),
                Map.entry("--halt-ratio", number(plan.at("/halt/ratio"))),
                Map.entry("--halt-alpha", number(plan.at("/halt/alpha"))),
                Map.entry("--latency-quantile", number(plan.at("/latency/quantile"))),
                Map.entry("--latency-tolerance", number(plan.at("/latency/tolerance"))),
                Map.entry("--latency-slack", plan.at("/latency/slack").asString()));
        CommandSpec start = ModelwardCli.create()
                .getSubcommands()
                .get("rollout")
                .getSubcommands()
                .get("start")
                .getCommandSpec();
        defaults.forEach((option, value) -> assertThat(
                        String.join(" ", start.findOption(option).description()))
                .as(option)
                .contains("default: " + value)
                .isNotEqualTo("default: "));
    }

    private static String number(JsonNode value) {
        return Numbers.value(value);
    }

    static List<CommandSpec> all(CommandSpec command) {
        List<CommandSpec> all = new ArrayList<>();
        if (!(command.userObject() instanceof CommandLine.HelpCommand)) {
            all.add(command);
        }
        command.subcommands().values().forEach(below -> all.addAll(all(below.getCommandSpec())));
        return all;
    }
}
