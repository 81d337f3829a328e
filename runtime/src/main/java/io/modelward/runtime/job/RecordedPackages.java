package io.modelward.runtime.job;

import java.util.List;
import java.util.Set;

/** What an environment had when a run was in it: a line {@code name==release} for each package, with Python among them. */
final class RecordedPackages {

    /** These come with every environment, and no script needs them to be of one release. */
    private static final Set<String> BRINGS_ITSELF = Set.of("python", "pip");

    private RecordedPackages() {}

    /** The lines for pip. */
    static List<String> pins(List<String> recorded) {
        return recorded.stream().filter(RecordedPackages::isPackage).toList();
    }

    /** Whether two environments have the same packages, of the same releases. */
    static boolean same(List<String> one, List<String> other) {
        return Set.copyOf(pins(one)).equals(Set.copyOf(pins(other)));
    }

    private static boolean isPackage(String line) {
        return !BRINGS_ITSELF.contains(line.split("==", 2)[0]);
    }
}
