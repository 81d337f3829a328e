package io.modelward.cli;

import io.modelward.core.problem.Quoted;
import io.modelward.core.search.Nearest;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line, and which command or option may have been meant. */
final class Mistakes {

    private Mistakes() {}

    static String words(ParameterException failure) {
        if (failure instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            return unmatched(
                    failure.getCommandLine().getCommandSpec(),
                    unmatched.getUnmatched().getFirst());
        }
        return String.valueOf(failure.getMessage());
    }

    private static String unmatched(CommandSpec command, String written) {
        String name = command.qualifiedName();
        if (written.startsWith("-") && written.length() > 1) {
            int equals = written.indexOf('=');
            String option = equals < 0 ? written : written.substring(0, equals);
            List<String> known = new ArrayList<>();
            command.options().stream().filter(one -> !one.hidden()).forEach(one -> known.addAll(List.of(one.names())));
            return name + " has no option " + Quoted.of(option) + "." + Nearest.words(option, known);
        }
        if (!command.subcommands().isEmpty()) {
            return name + " has no command " + Quoted.of(written) + "."
                    + Nearest.words(written, command.subcommands().keySet());
        }
        return "There is no place for " + Quoted.of(written) + " in " + name + ".";
    }
}
