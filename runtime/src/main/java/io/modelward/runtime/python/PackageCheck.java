package io.modelward.runtime.python;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares what a version was saved with to what loaded it. */
final class PackageCheck {

    private static final List<String> NAMED = List.of("scikit-learn", "numpy", "scipy", "joblib", "pandas");

    private PackageCheck() {}

    /** One sentence for each difference that may change answers: another minor release of Python, any other of a package. */
    static List<String> differences(Map<String, String> saved, Map<String, String> loaded) {
        List<String> found = new ArrayList<>();
        String savedPython = saved.getOrDefault("python", "");
        String loadedPython = loaded.getOrDefault("python", "");
        if (!savedPython.isEmpty() && !minor(savedPython).equals(minor(loadedPython))) {
            found.add("saved with Python " + savedPython + ", loaded with Python " + loadedPython);
        }
        for (String name : NAMED) {
            String before = saved.getOrDefault(name, "");
            String now = loaded.getOrDefault(name, "");
            if (!before.isEmpty() && !now.isEmpty() && !before.equals(now)) {
                found.add("saved with " + name + " " + before + ", loaded with " + name + " " + now);
            }
        }
        return found;
    }

    private static String minor(String version) {
        String[] parts = version.split("\\.");
        return parts.length < 2 ? version : parts[0] + "." + parts[1];
    }
}
