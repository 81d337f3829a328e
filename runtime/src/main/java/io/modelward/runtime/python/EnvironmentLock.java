package io.modelward.runtime.python;

import io.modelward.core.digest.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The contents of an environment. Their digest, with that of the interpreter, names the environment.
 *
 * @param kind the first part of its folder's name
 * @param lines for pip, one requirement each
 * @param mlflow the release of MLflow that is asked for, which may have no small package of its own; see
 *     {@link #withWholeMlflow}
 * @param onTop installed afterwards without its dependencies
 */
record EnvironmentLock(String kind, List<String> lines, Optional<String> mlflow, Optional<String> onTop) {

    /** Counts up when environments are built otherwise than before. */
    private static final String RECIPE = "modelward environment 2";

    private static final String MLFLOW = "mlflow";
    private static final String SKINNY = "mlflow-skinny";

    EnvironmentLock {
        lines = List.copyOf(lines);
    }

    /** As a file has it that is trusted. */
    static EnvironmentLock worker(byte[] file) {
        return new EnvironmentLock(
                "worker",
                new String(file, StandardCharsets.UTF_8).lines().toList(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * For a model that MLflow loads. MLflow's package brings its server and much more; {@code mlflow-skinny} has all
     * that loading needs, except numpy and pandas.
     *
     * @param writtenBy the release of MLflow that wrote the model, for when the requirements do not name one
     */
    static EnvironmentLock mlflow(List<Requirement> requirements, Optional<String> writtenBy) {
        List<Requirement> wanted = new ArrayList<>();
        for (Requirement requirement : requirements) {
            wanted.add(requirement.name().equals(MLFLOW) ? requirement.of(SKINNY) : requirement);
        }
        add(wanted, SKINNY, writtenBy.map(version -> "==" + version));
        add(wanted, "numpy", Optional.empty());
        add(wanted, "pandas", Optional.empty());
        Optional<String> pinned = wanted.stream()
                .filter(requirement -> requirement.name().equals(SKINNY))
                .flatMap(requirement -> requirement.pin().stream())
                .findFirst();
        List<String> lines =
                wanted.stream().map(Requirement::toString).distinct().sorted().toList();
        return new EnvironmentLock("model", lines, pinned, Optional.empty());
    }

    /** For a pickled model: what it needs, and what every worker needs to load it. */
    static EnvironmentLock pickle(List<Requirement> requirements) {
        List<Requirement> wanted = new ArrayList<>(requirements);
        for (String name : List.of("cloudpickle", "joblib", "numpy", "pandas")) {
            add(wanted, name, Optional.empty());
        }
        List<String> lines =
                wanted.stream().map(Requirement::toString).distinct().sorted().toList();
        return new EnvironmentLock("pickle", lines, Optional.empty(), Optional.empty());
    }

    /** For a script of people: what they ask for, and nothing else. */
    static EnvironmentLock script(List<Requirement> requirements) {
        List<String> lines = requirements.stream()
                .map(Requirement::toString)
                .distinct()
                .sorted()
                .toList();
        return new EnvironmentLock("script", lines, Optional.empty(), Optional.empty());
    }

    private static void add(List<Requirement> wanted, String name, Optional<String> specifier) {
        if (wanted.stream().noneMatch(requirement -> requirement.name().equals(name))) {
            Requirement.parse(name + specifier.orElse("")).ifPresent(wanted::add);
        }
    }

    /** For a release without a small package: the newest small one up to it, and MLflow's own files over them. */
    EnvironmentLock withWholeMlflow() {
        String release = mlflow.orElseThrow();
        List<String> looser = lines.stream()
                .map(line -> line.startsWith(SKINNY) ? line.replace("==" + release, "<=" + release) : line)
                .toList();
        return new EnvironmentLock(kind, looser, Optional.empty(), Optional.of(MLFLOW + "==" + release));
    }

    /** The releases that are asked for exactly, by package. */
    Map<String, String> pins() {
        Map<String, String> pins = new HashMap<>();
        for (String line : lines) {
            Requirement.parse(line)
                    .ifPresent(asked -> asked.pin().ifPresent(release -> pins.put(asked.name(), release)));
        }
        return pins;
    }

    /** Names the environment that this interpreter makes of it. */
    String digest(Interpreter interpreter, boolean sourcePackages) {
        String text = Stream.concat(
                        Stream.of(RECIPE, interpreter.version(), sourcePackages ? "source packages" : "wheels"),
                        lines.stream())
                .reduce("", (all, line) -> all + line + "\n");
        return Digest.of(text.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
