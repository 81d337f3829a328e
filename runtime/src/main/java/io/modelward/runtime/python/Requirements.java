package io.modelward.runtime.python;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The lines of a requirements file.
 *
 * @param taken those that ask for a package of the registry
 * @param refused all others, fit to be shown
 */
record Requirements(List<Requirement> taken, List<String> refused) {

    private static final int MOST_LINES = 2000;
    private static final int MOST_SHOWN = 5;

    Requirements {
        taken = List.copyOf(taken);
        refused = List.copyOf(refused);
    }

    /**
     * Reads them; comments and empty lines mean nothing, and a backslash at its end goes on with the next line, as for
     * pip.
     */
    static Requirements parse(List<String> lines) {
        List<Requirement> taken = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (String line : joined(lines)) {
            String text = line.replaceAll("(^|\\s)#.*$", "").strip();
            if (text.isEmpty()) {
                continue;
            }
            Optional<Requirement> requirement = Requirement.parse(text);
            requirement.ifPresentOrElse(taken::add, () -> refused.add(Quoted.of(text)));
            if (taken.size() + refused.size() > MOST_LINES) {
                refused.add("more than " + MOST_LINES + " lines");
                break;
            }
        }
        return new Requirements(taken, refused);
    }

    /**
     * The requirements, when all lines are such.
     *
     * @param file where the lines stand, for the message
     * @throws ProblemException REFUSED, naming the lines that ask for something else than packages of the registry
     */
    List<Requirement> takenOrRefused(String file) {
        if (refused.isEmpty()) {
            return taken;
        }
        String more = refused.size() > MOST_SHOWN ? " and " + (refused.size() - MOST_SHOWN) + " more" : "";
        throw ProblemException.refused(
                file,
                "The Python environment that is asked for is not built: only lines such as numpy==2.4.6 are taken, no options,"
                        + " addresses or paths. Refused: "
                        + String.join(", ", refused.subList(0, Math.min(MOST_SHOWN, refused.size()))) + more + ".");
    }

    private static List<String> joined(List<String> lines) {
        List<String> joined = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        for (String line : lines) {
            if (line.endsWith("\\")) {
                open.append(line, 0, line.length() - 1).append(' ');
                continue;
            }
            joined.add(open.append(line).toString());
            open.setLength(0);
        }
        joined.add(open.toString());
        return joined;
    }
}
