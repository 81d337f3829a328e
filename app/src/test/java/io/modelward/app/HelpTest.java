package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The help of the commands that only the application has. */
class HelpTest {

    @Test
    void every_option_says_its_default_or_that_it_is_required() {
        CommandLine commands = Main.commands();
        for (String name : List.of("serve", "migrate", "restore")) {
            for (OptionSpec option :
                    commands.getSubcommands().get(name).getCommandSpec().options()) {
                String words = String.join(" ", option.description());
                if (option.arity().max() > 0) {
                    assertThat(words)
                            .as(name + " " + option.longestName())
                            .contains(option.required() ? "(required)" : "default: ");
                }
            }
        }
    }

    @Test
    void a_completion_knows_the_commands_of_the_application_too() {
        CommandLine commands = Main.commands("completion", "bash");
        assertThat(commands.getSubcommands()).containsKeys("serve", "migrate", "restore", "rollout", "completion");
    }
}
