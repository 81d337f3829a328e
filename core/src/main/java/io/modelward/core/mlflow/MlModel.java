package io.modelward.core.mlflow;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.signature.MlflowSignature;
import io.modelward.core.signature.Signature;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What an {@code MLmodel} file says about the model beside it, as far as it matters here. MLflow writes it as YAML at
 * the root of a model.
 *
 * @param flavors the names of the libraries that can read the model
 * @param pyfunc how MLflow's {@code python_function} loads it; empty when it is not for Python
 * @param sklearn how scikit-learn's own reader loads it, where it is such a model
 * @param signature what rows it takes and gives, where the file says so
 * @param modelId MLflow's {@code m-…}, where it was logged
 * @param runId the run that logged it
 * @param mlflowVersion the release of MLflow that wrote it
 * @param created as written, in UTC
 * @param packages the releases of libraries that the flavors name, by package
 * @param example where rows to try it with are kept
 * @param data by flavor, the file or folder of the model itself
 */
public record MlModel(
        Set<String> flavors,
        Optional<PyFunc> pyfunc,
        Optional<Sklearn> sklearn,
        Optional<Signature> signature,
        Optional<String> modelId,
        Optional<String> runId,
        Optional<String> mlflowVersion,
        Optional<String> created,
        Map<String, String> packages,
        Optional<Example> example,
        Map<String, String> data) {

    /** The file's name, at the root of a model. */
    public static final String FILE = "MLmodel";

    /** The most bytes that are read of it. */
    public static final int LONGEST = 4 << 20;

    public MlModel {
        packages = Map.copyOf(packages);
        data = Map.copyOf(data);
        flavors = Collections.unmodifiableSet(new LinkedHashSet<>(flavors));
    }

    /**
     * The flavor {@code python_function}.
     *
     * @param loaderModule such as {@code mlflow.sklearn}
     * @param modelPath the file or folder of the model itself
     * @param pythonVersion of the interpreter that saved it
     * @param code folders with the code that it needs
     * @param predictFn the method of the model that answers, such as {@code predict_proba}
     */
    public record PyFunc(
            String loaderModule,
            Optional<String> modelPath,
            Optional<String> pythonVersion,
            List<String> code,
            String predictFn) {}

    /**
     * The flavor {@code sklearn}.
     *
     * @param format how the model is kept: {@code pickle}, {@code cloudpickle} or {@code skops}
     * @param trusted the types that skops may load besides those it knows
     */
    public record Sklearn(String format, List<String> trusted) {}

    /**
     * An input example.
     *
     * @param path the file, as a request to MLflow's scoring server where there is such a file, else as it was given
     */
    public record Example(String path) {}

    /**
     * Reads the file.
     *
     * @throws ProblemException REFUSED with the field {@code MLmodel} when it is not what MLflow writes
     */
    public static MlModel parse(byte[] content) {
        JsonNode root = YamlTree.read(new String(content, StandardCharsets.UTF_8), FILE);
        if (!root.isObject() || !root.path("flavors").isObject()) {
            throw ProblemException.refused(FILE, "An MLmodel file is a map in YAML, with flavors in it.");
        }
        JsonNode flavors = root.get("flavors");
        boolean typeHint = root.path("is_signature_from_type_hint").asString("").equals("true");
        return new MlModel(
                Set.copyOf(flavors.propertyNames()),
                pyfunc(flavors.path("python_function")),
                sklearn(flavors.path("sklearn")),
                MlflowSignature.read(root.path("signature"), typeHint),
                text(root, "model_id"),
                text(root, "run_id"),
                text(root, "mlflow_version"),
                text(root, "utc_time_created"),
                packages(flavors),
                example(root.path("saved_input_example_info")),
                data(flavors));
    }

    /** Where a flavor keeps the model itself: a file or a folder, as a path within the model's folder. */
    public Optional<String> data(String flavor) {
        return Optional.ofNullable(data.get(flavor));
    }

    /** The library that the model is of: the flavor beside {@code python_function}, by the name of its package. */
    public Optional<String> framework() {
        return flavors.stream()
                .filter(flavor -> !flavor.equals("python_function"))
                .sorted()
                .findFirst()
                .map(flavor -> flavor.equals("sklearn") ? "scikit-learn" : flavor);
    }

    private static final Map<String, String> VERSIONED = Map.of(
            "sklearn", "sklearn_version",
            "xgboost", "xgb_version",
            "lightgbm", "lgb_version",
            "catboost", "catboost_version");

    private static Map<String, String> packages(JsonNode flavors) {
        Map<String, String> packages = new HashMap<>();
        VERSIONED.forEach((flavor, field) -> text(flavors.path(flavor), field)
                .ifPresent(version -> packages.put(flavor.equals("sklearn") ? "scikit-learn" : flavor, version)));
        return packages;
    }

    private static Map<String, String> data(JsonNode flavors) {
        Map<String, String> data = new HashMap<>();
        flavors.properties()
                .forEach(flavor -> text(flavor.getValue(), "data").ifPresent(path -> data.put(flavor.getKey(), path)));
        return data;
    }

    private static Optional<PyFunc> pyfunc(JsonNode flavor) {
        return text(flavor, "loader_module")
                .map(module -> new PyFunc(
                        module,
                        text(flavor, "model_path").or(() -> text(flavor, "data")),
                        text(flavor, "python_version"),
                        texts(flavor.path("code")),
                        text(flavor, "predict_fn").orElse("predict")));
    }

    private static Optional<Sklearn> sklearn(JsonNode flavor) {
        return text(flavor, "serialization_format")
                .map(format -> new Sklearn(format, texts(flavor.path("skops_trusted_types"))));
    }

    private static Optional<Example> example(JsonNode info) {
        return text(info, "serving_input_path")
                .or(() -> text(info, "artifact_path"))
                .map(Example::new);
    }

    private static Optional<String> text(JsonNode object, String name) {
        return Optional.ofNullable(object.path(name).stringValue(null)).filter(text -> !text.isBlank());
    }

    private static List<String> texts(JsonNode node) {
        return node.isString()
                ? List.of(node.stringValue())
                : node.valueStream()
                        .filter(JsonNode::isString)
                        .map(JsonNode::stringValue)
                        .toList();
    }
}
