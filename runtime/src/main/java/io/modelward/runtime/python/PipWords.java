package io.modelward.runtime.python;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds in pip's output the reason of a failure for a person, without addresses and paths, which are the server's own.
 */
final class PipWords {

    private static final Pattern CONFLICT =
            Pattern.compile("The conflict is caused by:\\s*\\n((?:[ \\t]+\\S.*\\n){1,3})");
    private static final Pattern ADDRESS = Pattern.compile("(?:https?|file)://[^\\s'\"]+|/(?:[\\w.+-]+/)+[\\w.+-]*");
    private static final int LONGEST = 500;

    private PipWords() {}

    /** One or two sentences. */
    static String reason(String output, boolean sourcePackages) {
        Matcher conflict = CONFLICT.matcher(output);
        if (conflict.find()) {
            return "its requirements contradict each other: "
                    + clean(conflict.group(1).strip().replaceAll("\\s*\\n\\s*", "; ")) + ".";
        }
        List<String> errors = output.lines()
                .filter(line -> line.startsWith("ERROR:"))
                .map(line -> line.substring("ERROR:".length()).strip())
                .toList();
        String last = errors.isEmpty()
                ? output.lines().filter(line -> !line.isBlank()).reduce("", (first, second) -> second)
                : errors.getLast();
        String reason = "pip says: " + clean(last) + ".";
        boolean absent = last.startsWith("No matching distribution");
        return absent && !sourcePackages
                ? reason + " Only wheels are installed here, no source packages (runtime.source-packages)."
                : reason;
    }

    /** Whether there is no release that fits this requirement. */
    static boolean lacks(String output, String requirement) {
        return output.lines().anyMatch(line -> line.contains("No matching distribution found for " + requirement));
    }

    private static String clean(String text) {
        String plain = ADDRESS.matcher(text).replaceAll("…").strip();
        String shown = plain.length() > LONGEST ? plain.substring(0, LONGEST) + "…" : plain;
        return shown.endsWith(".") ? shown.substring(0, shown.length() - 1) : shown;
    }
}
