package io.modelward.server.mlflow;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.problem.Quoted;
import io.modelward.core.version.ModelName;
import java.util.Locale;
import java.util.Optional;

/**
 * Puts problems of the services into the words of MLflow's own server, since some clients and many scripts compare the
 * words. Members of a problem say which thing is missing or taken; a problem without such members keeps its words.
 */
final class MlflowWords {

    private MlflowWords() {}

    static Problem of(Problem problem) {
        Object missing = problem.extra().get("missing");
        if (missing != null) {
            String what = missing.toString();
            Optional<String> words = missing(what, member(problem, "named"), member(problem, "model"));
            // MLflow calls the name of an alias a wrong parameter.
            ProblemType type = what.equals("alias") ? ProblemType.INVALID : problem.type();
            return words.map(text -> said(problem, type, text)).orElse(problem);
        }
        Object state = problem.extra().get("state");
        if (state != null) {
            return said(problem, problem.type(), state(state.toString(), member(problem, "named")));
        }
        Object taken = problem.extra().get("taken");
        return taken == null
                ? problem
                : taken(taken.toString(), problem)
                        .map(text -> said(problem, problem.type(), text))
                        .orElse(problem);
    }

    /** @param state as {@code run is deleted} */
    private static String state(String state, String named) {
        boolean deleted = state.endsWith(" is deleted");
        return "The " + state.substring(0, state.indexOf(' ')) + " " + Quoted.plain(named) + " must be in the '"
                + (deleted ? "active" : "deleted") + "' state. Current state is " + (deleted ? "deleted" : "active")
                + ".";
    }

    private static Optional<String> missing(String what, String named, String model) {
        String plain = Quoted.plain(named);
        if (what.startsWith("tag of ")) {
            return Optional.of(tag(what.substring("tag of ".length()), named));
        }
        return switch (what) {
            case "model" -> Optional.of("Registered Model with name=" + Quoted.plain(local(named)) + " not found");
            case "version" ->
                named.startsWith("ordinal:")
                        ? Optional.of("Model Version (name=" + Quoted.plain(local(model)) + ", version="
                                + plain.substring("ordinal:".length()) + ") not found")
                        : Optional.empty();
            case "alias" -> Optional.of("Registered model alias " + plain + " not found.");
            case "experiment" -> Optional.of("No Experiment with id=" + plain + " exists");
            case "experiment by name" -> Optional.of("Could not find experiment with name '" + plain + "'");
            case "active experiment" -> Optional.of("No active Experiment with id=" + plain + " exists");
            case "deleted experiment" -> Optional.of("No deleted Experiment with id=" + plain + " exists");
            case "run" -> Optional.of("Run with id=" + plain + " not found");
            case "logged model" -> Optional.of("Logged model with ID '" + plain + "' not found.");
            default -> Optional.empty();
        };
    }

    /** @param owner as {@code run 0a…} */
    private static String tag(String owner, String key) {
        int space = owner.lastIndexOf(' ');
        String kind = owner.substring(0, space);
        String id = owner.substring(space + 1);
        return kind.equals("logged model")
                ? "No tag with key '" + Quoted.plain(key) + "' found for model with ID '" + id + "'."
                : "No tag with name: " + Quoted.plain(key) + " in " + kind.toLowerCase(Locale.ROOT) + " with id " + id;
    }

    private static Optional<String> taken(String what, Problem problem) {
        return switch (what) {
            case "model" ->
                Optional.of("Registered Model (name=" + Quoted.plain(local(member(problem, "in_the_way")))
                        + ") already exists.");
            case "experiment" ->
                Optional.of("Experiment(name=" + Quoted.plain(member(problem, "named")) + ") already exists.");
            case "deleted experiment" ->
                Optional.of("Experiment(name=" + Quoted.plain(member(problem, "named"))
                        + ") already exists, deleted. Restore it, or rename it first.");
            default -> Optional.empty();
        };
    }

    private static Problem said(Problem problem, ProblemType type, String words) {
        return new Problem(type, words, problem.field(), problem.extra());
    }

    private static String member(Problem problem, String name) {
        return String.valueOf(problem.extra().getOrDefault(name, ""));
    }

    /** A model's name as these clients know it: they see one namespace. */
    private static String local(String model) {
        String namespace = ModelName.DEFAULT_NAMESPACE + "/";
        return model.startsWith(namespace) ? model.substring(namespace.length()) : model;
    }
}
