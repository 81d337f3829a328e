package io.modelward.runtime.python;

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
