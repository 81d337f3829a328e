package io.modelward.runtime.python;

import io.modelward.core.format.ModelFormats;
import io.modelward.core.json.Json;
import io.modelward.core.mlflow.SavedWith;
import io.modelward.core.problem.ProblemException;
import io.modelward.runtime.ModelSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a pickled model, or one in the own file of a library, needs beside what all workers have: the lines of {@code .modelward/requirements.txt}, which the
 * client that saved the model found in it, or whoever published the model wrote; without that file, the releases that
 * {@code .modelward/environment.json} names.
 *
 * @param lock of an environment that has all of it
 * @param sharedMayDo whether the environment that all share has each of the packages, at another release
 */
record PickleNeeds(EnvironmentLock lock, boolean sharedMayDo) {

    private static final String REQUIREMENTS = ".modelward/requirements.txt";
    /**
     * Reads them.
     *
     * @param pickled the releases that the pickle itself names, by package
     * @param shared the environment that all share
     * @return empty when that environment will do
     * @throws ProblemException REFUSED, naming the lines that ask for something else than packages of the registry
     */
    static Optional<PickleNeeds> of(ModelSource source, Map<String, String> pickled, SharedEnvironment shared)
            throws IOException {
        List<String> lines = Optional.ofNullable(pickled.get(SharedEnvironment.BY_MINOR)).stream()
                .map(release -> SharedEnvironment.BY_MINOR + "==" + release)
                .toList();
        return of(source, lines, shared);
    }

    /**
     * As {@link #of(ModelSource, Map, SharedEnvironment)}, of a model of any format but MLflow's.
     *
     * @param model whose format may name the packages that load it
     */
    static Optional<PickleNeeds> of(ModelSource source, ModelFormats.Detected model, SharedEnvironment shared)
            throws IOException {
        return model.requirements().isEmpty()
                ? of(source, model.savedWith(source), shared)
                : of(source, model.requirements(), shared);
    }

    /** @param lines what is needed where the version's files do not say */
    private static Optional<PickleNeeds> of(ModelSource source, List<String> lines, SharedEnvironment shared)
            throws IOException {
        List<Requirement> saved = releases(source);
        Optional<byte[]> file = source.bytes(REQUIREMENTS);
        List<Requirement> needed =
                lines.stream().flatMap(line -> Requirement.parse(line).stream()).toList();
        if (file.isPresent()) {
            needed = Requirements.parse(new String(file.get(), StandardCharsets.UTF_8)
                            .lines()
                            .toList())
                    .takenOrRefused(REQUIREMENTS);
        }
        if (needed.stream().allMatch(shared::suffices)) {
            return Optional.empty();
        }
        List<Requirement> all = new ArrayList<>(needed);
        saved.stream()
                .filter(release -> all.stream().noneMatch(one -> one.name().equals(release.name())))
                .toList()
                .forEach(all::add);
        return Optional.of(
                new PickleNeeds(EnvironmentLock.pickle(all), needed.stream().allMatch(shared::has)));
    }

    private static List<Requirement> releases(ModelSource source) throws IOException {
        List<Requirement> releases = new ArrayList<>();
        Optional<byte[]> environment = source.bytes(SavedWith.FILE);
        if (environment.isPresent()) {
            JsonNode packages = Json.parse(environment.get(), SavedWith.FILE).path("packages");
            packages.properties()
                    .forEach(entry -> Requirement.parse(
                                    entry.getKey() + "==" + entry.getValue().asString(""))
                            .ifPresent(releases::add));
        }
        return releases;
    }
}
