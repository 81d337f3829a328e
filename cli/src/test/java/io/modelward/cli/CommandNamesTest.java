package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CommandNamesTest {

    @Command(name = "serve")
    private static final class Serve implements Runnable {
        @Override
        public void run() {}
    }

    @Test
    void a_command_is_found_by_the_name_that_it_has() {
        Commands.ALL.forEach((name, command) ->
                assertThat(command.getAnnotation(Command.class).name()).isEqualTo(name));
    }

    @Test
    void a_command_line_that_begins_with_a_command_has_this_command_alone() {
        assertThat(subcommands("list", "iris")).containsExactly("list");
        assertThat(subcommands("serve")).containsExactly("serve");
    }

    @Test
    void every_other_command_line_has_all_commands() {
        for (String[] words :
                new String[][] {{}, {"--help"}, {"help", "list"}, {"lisst"}, {"--url", "http://x", "list"}}) {
            assertThat(subcommands(words)).containsAll(Commands.ALL.keySet()).contains("serve", "help");
        }
    }

    private static Iterable<String> subcommands(String... words) {
        CommandLine line = ModelwardCli.create(words, Map.of("serve", Serve.class));
        return line.getSubcommands().keySet();
    }
}
