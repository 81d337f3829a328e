package io.modelward.registry.tracking;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Reach;
import io.modelward.core.access.Resource;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.MetricPoint;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks names and values, and who may search. The limits are those that MLflow's clients know and split their batches
 * by.
 */
final class Checks {

    static final int LONGEST_KEY = 250;
    private static final int LONGEST_PARAM = 6000;
    private static final int LONGEST_TAG = 8000;
    private static final int LONGEST_EXPERIMENT_TAG = 20_000;
    private static final int LONGEST_EXPERIMENT = 500;
    private static final int LONGEST_DOCUMENT = 1 << 20;
    /** Tags that hold JSON, which is worth nothing when it is cut. */
    private static final Set<String> DOCUMENTS =
            Set.of("mlflow.log-model.history", "mlflow.loggedArtifacts", "mlflow.modelVersions");

    private static final Pattern KEY = Pattern.compile("[/\\w.\\- :]*", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern RUN = Pattern.compile("[a-zA-Z0-9][\\w\\-]{0,255}");
    private static final Pattern MODEL = Pattern.compile("[a-zA-Z0-9][\\w\\-]{0,255}");
    private static final Pattern MODEL_NAME = Pattern.compile("[^/:.%\"']+");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private Checks() {}

    static String run(String id) {
        if (!RUN.matcher(id).matches()) {
            throw ProblemException.invalid("run_id", "Invalid run ID: " + Quoted.of(id) + ".");
        }
        return id;
    }

    static String loggedModel(String id) {
        if (!MODEL.matcher(id).matches()) {
            throw ProblemException.invalid("model_id", "Invalid model ID: " + Quoted.of(id) + ".");
        }
        return id;
    }

    static String loggedModelName(String name) {
        if (!MODEL_NAME.matcher(name).matches()) {
            throw ProblemException.invalid(
                    "name",
                    "Invalid model name: " + Quoted.of(name)
                            + ". A model name is not empty and has none of the characters / : . % \" '.");
        }
        return atMost("name", "A model's name", name, LONGEST_EXPERIMENT);
    }

    static long experiment(String id) {
        if (!NUMBER.matcher(id).matches()) {
            throw ProblemException.invalid(
                    "experiment_id", "Invalid experiment ID: " + Quoted.of(id) + ". An ID is a whole number.");
        }
        return Long.parseLong(id);
    }

    static String experimentName(String name) {
        if (name.isBlank()) {
            throw ProblemException.invalid("name", "Invalid experiment name: it is empty.");
        }
        return atMost("name", "An experiment's name", name, LONGEST_EXPERIMENT);
    }

    static MetricPoint point(MetricPoint point) {
        key("metric", point.key());
        if (point.timestamp() < 0) {
            throw ProblemException.invalid(
                    "timestamp", "The timestamp of metric " + Quoted.of(point.key()) + " is not to be below 0.");
        }
        double value = point.value();
        if (Double.isInfinite(value)) {
            value = Math.copySign(Double.MAX_VALUE, value);
        }
        return new MetricPoint(point.key(), value, point.timestamp(), point.step());
    }

    /** A parameter, its value cut where it is too long. */
    static KeyValue param(KeyValue param) {
        return new KeyValue(key("param", param.key()), cut(param.value(), LONGEST_PARAM));
    }

    /** A tag of a run or model, its value cut where it is too long; a document is refused then. */
    static KeyValue tag(KeyValue tag) {
        if (DOCUMENTS.contains(tag.key())) {
            atMost("value", "The value of the tag " + tag.key(), tag.value(), LONGEST_DOCUMENT);
            return tag;
        }
        return new KeyValue(key("tag", tag.key()), cut(tag.value(), LONGEST_TAG));
    }

    static KeyValue experimentTag(KeyValue tag) {
        key("tag", tag.key());
        atMost("value", "The value of an experiment's tag", tag.value(), LONGEST_EXPERIMENT_TAG);
        return tag;
    }

    static String atMost(String field, String what, String text, int most) {
        if (text.length() > most) {
            throw ProblemException.invalid(
                    field, what + " had length " + text.length() + ", which exceeded length limit of " + most + ".");
        }
        return text;
    }

    private static String key(String what, String key) {
        if (!KEY.matcher(key).matches()) {
            throw ProblemException.invalid(
                    "key",
                    "Invalid " + what + " name: " + Quoted.of(key) + ". Names may only contain alphanumerics,"
                            + " underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).");
        }
        if (!key.equals(normal(key))) {
            throw ProblemException.invalid(
                    "key",
                    "Invalid " + what + " name: " + Quoted.of(key)
                            + ". Names may be treated as files in certain cases, and"
                            + " must not resolve to other names when treated as such.");
        }
        return atMost("key", "The name of a " + what, key, LONGEST_KEY);
    }

    /** The key as a path below a folder, made plain; it is one of many writings when that is another text. */
    private static String normal(String key) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : key.split("/", -1)) {
            if (part.equals("..")) {
                return "";
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts.isEmpty() ? "." + key : String.join("/", parts);
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    /** Whom the things that the caller makes belong to; nobody when the caller is not known for sure. */
    static Optional<String> maker() {
        return Access.caller().filter(Principal::proven).map(Principal::name);
    }

    /** Asks whether the caller may read each experiment that is searched; answers what may be found there. */
    static Reach mayRead(Access access, List<String> experiments) {
        Reach reach = access.requireSome(Action.READ);
        experiments.forEach(id -> access.require(Action.READ, new Resource.Experiment(id)));
        return reach;
    }
}
