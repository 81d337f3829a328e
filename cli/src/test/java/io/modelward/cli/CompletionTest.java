package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Model.CommandSpec;

class CompletionTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "modelward ro, rollout",
        "modelward rollout st, start",
        "modelward rollout start --min-s, --min-samples",
        "modelward completion f, fish",
        "modelward endpoint c, create"
    })
    void bash_completes_commands_and_options(String line, String completed) throws Exception {
        Path script = Files.writeString(
                folder.resolve("script"), Ran.modelward("completion", "bash").out());
        String ask = "source " + script + "; COMP_WORDS=(" + line + "); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ));"
                + " _complete_modelward; printf '%s\\n' \"${COMPREPLY[@]}\"";
        assertThat(output(List.of("bash", "-c", ask)).lines()).contains(completed);
    }

    @Test
    void zsh_gets_the_script_that_loads_what_understands_it() {
        assertThat(Ran.modelward("completion", "zsh").out()).contains("bashcompinit");
    }

    @Test
    void fish_gets_a_line_for_every_command_and_option() {
        String script = Ran.modelward("completion", "fish").out();
        for (CommandSpec command : OptionsTest.all(ModelwardCli.create().getCommandSpec())) {
            if (command.parent() != null) {
                assertThat(script).as(command.qualifiedName()).contains("-a '" + command.name() + "'");
            }
        }
        assertThat(script)
                .startsWith("# Completions of modelward for fish.\ncomplete -c modelward -f\n")
                .contains("complete -c modelward -n '__fish_seen_subcommand_from rollout; and"
                        + " __fish_seen_subcommand_from start' -l min-samples -x -d ")
                .contains("__fish_seen_subcommand_from completion' -a 'bash zsh fish'")
                .contains("-l bump -x -a 'patch minor major auto'")
                .contains("the candidate\\'s shares of the requests'");
        assertThat(script.lines().skip(1)).allMatch(line -> line.startsWith("complete -c modelward "));
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return text;
    }
}
