package io.modelward.server.api;

import io.modelward.core.json.Json;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.route.EndpointView;
import io.modelward.gateway.trace.TraceService;
import io.modelward.runtime.EnvironmentInfo;
import io.modelward.runtime.ModelInfo;
import io.modelward.store.catalog.Routes;
import io.modelward.store.prediction.DecisionRecord;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the gateway knows, as the JSON of docs/api.yaml. */
final class ServingViews {

    private static final List<String> RUNTIMES = List.of("", "python-worker");

    private ServingViews() {}

    static ObjectNode endpoint(EndpointView view) {
        Routes.RevisionRow revision = view.revision();
        ModelInfo.State state = view.model().map(ModelInfo::state).orElse(ModelInfo.State.LOADING);
        ObjectNode json = Json.object()
                .put("endpoint", view.endpoint().endpoint())
                .put(
                        "state",
                        switch (state) {
                            case READY -> "SERVING";
                            case LOADING, RESTARTING, CLOSED -> "LOADING";
                            case FAILED -> "FAILED";
                        })
                .put("revision", revision.revision());
        JsonNode arms = Json.parse(revision.arms(), "arms");
        JsonNode active = active(arms);
        json.set("model", active.get("model"));
        json.set("model_version", active.get("version"));
        json.set("digest", active.get("digest"));
        if (active.has("deleted_at")) {
            json.set("deleted_at", active.get("deleted_at"));
        }
        json.set("arms", arms);
        json.set("contract", Json.parse(revision.contract(), "contract"));
        json.put("cause", revision.cause());
        changed(json, revision);
        view.model().filter(info -> !info.why().isEmpty()).ifPresent(info -> json.put("why", info.why()));
        view.model().ifPresent(info -> {
            json.set("worker", worker(info));
            ArrayNode warnings = json.putArray("warnings");
            info.warnings().forEach(warnings::add);
        });
        return json;
    }

    static ObjectNode environment(EnvironmentInfo environment) {
        ObjectNode json = Json.object();
        if (!environment.digest().isEmpty()) {
            json.put("digest", environment.digest());
        }
        json.put("state", environment.state().name().toLowerCase(Locale.ROOT));
        if (!environment.why().isEmpty()) {
            json.put("why", environment.why());
        }
        return json;
    }

    private static JsonNode active(JsonNode arms) {
        for (JsonNode arm : arms) {
            if (arm.path("role").asString("").equals("active")) {
                return arm;
            }
        }
        throw new IllegalStateException("a revision without an active arm");
    }

    private static void changed(ObjectNode json, Routes.RevisionRow revision) {
        json.put("changed_at", revision.change().at().toString());
        json.set("changed_by", Views.who(revision.change()));
        json.put("reason", revision.change().reason());
    }

    private static ObjectNode worker(ModelInfo info) {
        ObjectNode json = Json.object()
                .put("state", info.state().name())
                .put("class", info.modelClass())
                .put("batchable", info.batchable())
                .put("restarts", info.restarts());
        ObjectNode packages = json.putObject("packages");
        info.packages().forEach(packages::put);
        return json;
    }

    static ObjectNode loaded(LoadedModel model) {
        return worker(model.running().info())
                .put("version", model.version().reference())
                .put("in_flight", model.users());
    }

    static ObjectNode revision(Routes.RevisionRow revision) {
        ObjectNode json = Json.object().put("revision", revision.revision()).put("cause", revision.cause());
        JsonNode arms = Json.parse(revision.arms(), "arms");
        json.set("model", active(arms).get("model"));
        json.set("arms", arms);
        json.put("contract_changed", revision.contractChanged());
        revision.rollout()
                .ifPresent(
                        in -> json.putObject("rollout").put("id", in.rollout()).put("step", in.step() + 1));
        changed(json, revision);
        return json;
    }

    static ObjectNode prediction(TraceService.Decision decision) {
        DecisionRecord record = decision.record();
        ObjectNode json = Json.object()
                .put("prediction_id", decision.id().toString())
                .put("time", record.time().toString())
                .put("endpoint", decision.endpoint())
                .put("revision", record.revision())
                .put("arm", decision.arm().role().label())
                .put("model", decision.arm().model().toString())
                .put("model_version", decision.arm().version().toString())
                .put("digest", record.digest().toString())
                .put("runtime", RUNTIMES.get(record.runtime()))
                .put("status", record.status())
                .put("latency_ms", record.latencyMicros() / 1000.0)
                .put("rows", record.rows())
                .put("input_sha256", record.input().toString());
        record.output().ifPresent(output -> json.put("output_sha256", output.toString()));
        return json;
    }

    static ObjectNode trace(TraceService.Trace trace) {
        ObjectNode json = Json.object();
        json.set("prediction", prediction(trace.decision()));
        json.set("version", Views.version(trace.version()));
        json.set("route", revision(trace.decision().route()));
        trace.rollout().ifPresent(view -> {
            ObjectNode rollout = RolloutViews.brief(view);
            trace.decision().route().rollout().ifPresent(in -> rollout.put("step", in.step() + 1));
            json.set("rollout", rollout);
        });
        ArrayNode live = json.putArray("live");
        for (TraceService.Interval interval : trace.live()) {
            ObjectNode item = live.addObject().put("from", interval.from().toString());
            interval.to().ifPresent(to -> item.put("to", to.toString()));
            item.put("revision", interval.revision());
        }
        ArrayNode audit = json.putArray("audit");
        trace.audit().forEach(entry -> audit.add(Views.audit(entry)));
        Optional<ObjectNode> verification = trace.verification().map(Views::verification);
        verification.ifPresent(found -> json.set("verification", found));
        return json;
    }
}
