package io.modelward.core.mlflow;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The releases that a model was saved with, as far as its files tell them, and how they differ from those that load it.
 * A model of another age may not load, or answer otherwise.
 */
public final class SavedWith {

    /**
     * The file in which the client of this registry writes them down:
     * {@code {"python": "3.11.2", "packages": {"numpy": "2.4.6"}}}.
     */
    public static final String FILE = ".modelward/environment.json";

    /** The packages that decide whether a model loads and what it answers. */
    public static final List<String> NAMED = List.of(
            "scikit-learn",
            "numpy",
            "scipy",
            "joblib",
            "pandas",
            "cloudpickle",
            "skops",
            "xgboost",
            "lightgbm",
            "catboost");

    /** How much of a pickle is looked through. */
    public static final int LOOKED_THROUGH = 4 << 20;

    /** What scikit-learn writes into each estimator: a key, and the release as the next text. */
    private static final Pattern SKLEARN = Pattern.compile(
            "_sklearn_version\u0094?(?:q.|r.{4})?(?:\u008c.|X.{4})(\\d+(?:\\.\\d+)+(?:(?:a|b|rc|\\.dev|\\.post)\\d+)*)",
            Pattern.DOTALL);

    private SavedWith() {}

    /** The releases that the beginning of a pickle tells. Its bytes are searched and never unpickled. */
    public static Map<String, String> inPickle(byte[] beginning) {
        Matcher found = SKLEARN.matcher(new String(beginning, StandardCharsets.ISO_8859_1));
        return found.find() ? Map.of("scikit-learn", found.group(1)) : Map.of();
    }

    /** The releases by package, and that of Python as {@code python}. */
    public static Map<String, String> of(Optional<JsonNode> environment, Optional<MlModel> mlflow) {
        Map<String, String> packages = new TreeMap<>();
        mlflow.ifPresent(model -> {
            packages.putAll(model.packages());
            model.pyfunc().flatMap(MlModel.PyFunc::pythonVersion).ifPresent(python -> packages.put("python", python));
        });
        environment.ifPresent(document -> {
            if (document.path("python").isString()) {
                packages.put("python", document.get("python").asString());
            }
            document.path("packages")
                    .properties()
                    .forEach(entry ->
                            packages.put(entry.getKey(), entry.getValue().asString("")));
        });
        return packages;
    }

    /**
     * One sentence for each difference that may matter: another minor release of Python, any other of a package.
     *
     * @param verb how the second stands to the model, such as {@code loaded with}
     */
    public static List<String> differences(Map<String, String> saved, Map<String, String> loading, String verb) {
        List<String> found = new ArrayList<>();
        String before = saved.getOrDefault("python", "");
        String now = loading.getOrDefault("python", "");
        if (!before.isEmpty() && !now.isEmpty() && !minor(before).equals(minor(now))) {
            found.add("saved with Python " + before + ", " + verb + " Python " + now);
        }
        for (String name : NAMED) {
            String then = saved.getOrDefault(name, "");
            String here = loading.getOrDefault(name, "");
            if (!then.isEmpty() && !here.isEmpty() && !then.equals(here)) {
                found.add("saved with " + name + " " + then + ", " + verb + " " + name + " " + here);
            }
        }
        return found;
    }

    private static String minor(String version) {
        String[] parts = version.split("\\.", 0);
        return parts.length < 2 ? version : parts[0] + "." + parts[1];
    }
}
