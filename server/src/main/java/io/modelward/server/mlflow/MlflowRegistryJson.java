package io.modelward.server.mlflow;

import io.modelward.core.json.Json;
import io.modelward.core.model.ModelAlias;
import io.modelward.core.published.VersionOrigin;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.tracking.KeyValue;
import io.modelward.registry.model.ModelWithLatest;
import io.modelward.registry.version.VersionFiles;
import io.modelward.registry.version.VersionWithOrigin;
import tools.jackson.databind.node.ObjectNode;

/**
 * Models and versions as MLflow's messages, with what MLflow leaves empty filled in and members of our own beside it.
 * Texts that nobody wrote are empty, not absent: clients compare them.
 */
final class MlflowRegistryJson {

    private static final String READY = "READY";

    private MlflowRegistryJson() {}

    static ObjectNode model(ModelWithLatest model) {
        ObjectNode json = Json.object()
                .put("name", model.model().name().name())
                .put("creation_timestamp", model.model().createdAt().toEpochMilli())
                .put("last_updated_timestamp", model.model().updatedAt().toEpochMilli());
        json.put("description", model.model().description());
        MlflowJson.list(json, "latest_versions", model.latest(), MlflowRegistryJson::version);
        MlflowJson.list(json, "tags", model.tags(), MlflowRegistryJson::entry);
        MlflowJson.list(json, "aliases", model.aliases(), MlflowRegistryJson::alias);
        return json;
    }

    private static ObjectNode alias(ModelAlias alias) {
        return Json.object().put("alias", alias.alias()).put("version", Long.toString(alias.ordinal()));
    }

    static ObjectNode version(VersionWithOrigin version) {
        VersionSummary summary = version.summary();
        ObjectNode json = Json.object()
                .put("name", summary.model().name())
                .put("version", Long.toString(summary.ordinal()))
                .put("creation_timestamp", summary.published().at().toEpochMilli())
                .put("last_updated_timestamp", version.state().updatedAt().toEpochMilli())
                .put("user_id", summary.published().actor())
                .put("current_stage", version.state().stage().label());
        json.put("description", version.state().description());
        json.put("source", version.origin().map(VersionOrigin::source).orElseGet(() -> VersionFiles.location(summary)));
        json.put("run_id", version.origin().flatMap(VersionOrigin::run).orElse(""));
        json.put("status", READY).put("status_message", status(version));
        MlflowJson.list(json, "tags", version.tags(), MlflowRegistryJson::entry);
        json.put("run_link", version.origin().flatMap(VersionOrigin::runLink).orElse(""));
        if (!version.aliases().isEmpty()) {
            version.aliases().forEach(json.putArray("aliases")::add);
        }
        version.origin().flatMap(VersionOrigin::loggedModel).ifPresent(model -> json.put("model_id", model));
        MlflowJson.list(
                json,
                "model_params",
                version.params(),
                param -> Json.object().put("name", param.key()).put("value", param.value()));
        MlflowJson.list(json, "model_metrics", version.metrics(), MlflowJson::point);
        return json.put("semver", summary.version().toString())
                .put("digest", summary.digest().toString())
                .put("least_bump", version.row().leastBump().label())
                .put("external", external(version));
    }

    private static boolean external(VersionWithOrigin version) {
        return version.origin().map(VersionOrigin::external).orElse(false);
    }

    /** For people: clients show this text, and nothing of what is beside MLflow's own members. */
    private static String status(VersionWithOrigin version) {
        StringBuilder text = new StringBuilder(version.summary().model() + "@"
                + version.summary().version() + " " + version.summary().digest().shortForm());
        version.row().warnings().forEach(warning -> text.append("; ").append(warning));
        return text.toString();
    }

    private static ObjectNode entry(KeyValue entry) {
        return Json.object().put("key", entry.key()).put("value", entry.value());
    }
}
