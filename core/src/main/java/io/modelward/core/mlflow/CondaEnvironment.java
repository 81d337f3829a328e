package io.modelward.core.mlflow;

import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The {@code conda.yaml} that MLflow writes beside a model. */
public final class CondaEnvironment {

    public static final String FILE = "conda.yaml";

    private CondaEnvironment() {}

    /**
     * What it has pip install, a requirement a line.
     *
     * @throws io.modelward.core.problem.ProblemException REFUSED with the field {@code conda.yaml} when it is no YAML
     */
    public static List<String> pip(byte[] content) {
        JsonNode root = YamlTree.read(new String(content, StandardCharsets.UTF_8), FILE);
        return root.path("dependencies")
                .valueStream()
                .flatMap(dependency -> dependency.path("pip").valueStream())
                .map(line -> line.stringValue(""))
                .toList();
    }
}
