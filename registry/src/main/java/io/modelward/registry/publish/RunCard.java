package io.modelward.registry.publish;

import io.modelward.core.json.Json;
import io.modelward.core.published.VersionOrigin;
import io.modelward.core.tracking.DatasetInput;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.registry.tracking.RunView;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The card of a version that was registered: what its run says, as it stood then. A run may hold far more than a card
 * may; what does not fit stays with the run.
 */
final class RunCard {

    private static final int MOST = 1000;
    private static final int LONGEST = 300;

    private RunCard() {}

    static ObjectNode of(String description, VersionOrigin origin, Optional<RunView> run) {
        ObjectNode card = Json.object();
        if (!description.isBlank()) {
            card.put("description", description);
        }
        ObjectNode source = card.putObject("source").put("uri", origin.source());
        origin.loggedModel().ifPresent(model -> source.put("logged_model", model));
        origin.run().ifPresent(id -> source.put("run", id));
        run.ifPresent(view -> fill(card, source, view));
        return card;
    }

    private static void fill(ObjectNode card, ObjectNode source, RunView run) {
        source.put("run_name", run.run().name())
                .put("experiment", Long.toString(run.run().experiment()));
        if (!run.params().isEmpty()) {
            ObjectNode params = card.putObject("hyperparameters");
            run.params().stream().limit(MOST).forEach(param -> params.put(param.key(), cut(param.value())));
        }
        List<MetricPoint> metrics = run.metrics().stream()
                .filter(point -> Double.isFinite(point.value()))
                .toList();
        if (!metrics.isEmpty()) {
            ObjectNode performance = card.putObject("performance");
            metrics.stream().limit(MOST).forEach(point -> performance.put(point.key(), point.value()));
        }
        ObjectNode code = Json.object();
        KeyValue.valueOf(run.tags(), "mlflow.source.git.repoURL").ifPresent(url -> code.put("repository", cut(url)));
        KeyValue.valueOf(run.tags(), "mlflow.source.git.commit").ifPresent(commit -> code.put("commit", cut(commit)));
        if (!code.isEmpty()) {
            card.set("code", code);
        }
        if (!run.datasets().isEmpty()) {
            ArrayNode datasets = card.putArray("datasets");
            run.datasets().stream().limit(MOST).forEach(input -> datasets.add(dataset(input)));
        }
    }

    private static ObjectNode dataset(DatasetInput input) {
        return Json.object()
                .put("name", input.dataset().name())
                .put("digest", input.dataset().digest());
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end) + "…";
    }
}
