package io.modelward.cli;

import io.modelward.core.version.Selector;
import java.util.ArrayList;
import java.util.List;

/** Arguments after the last that a command takes: most often a version that was not written behind its model. */
final class Misplaced {

    private Misplaced() {}

    /** @throws Usage with the reference that was meant, when there is more than a name */
    static void refuse(String name, List<String> more) {
        if (more.isEmpty()) {
            return;
        }
        if (name.indexOf('@') < 0 && isSelector(more.getFirst())) {
            List<String> meant = new ArrayList<>();
            more.stream().filter(Misplaced::isSelector).forEach(version -> meant.add(name + "@" + version));
            throw new Usage("A version is written behind its model: " + String.join(" ", meant) + ".");
        }
        throw new Usage("There is no place for \"" + more.getFirst() + "\" after \"" + name + "\".");
    }

    private static boolean isSelector(String text) {
        try {
            Selector.parse(text);
            return true;
        } catch (RuntimeException no) {
            return false;
        }
    }
}
