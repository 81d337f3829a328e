package io.modelward.server.api;

import io.modelward.core.json.Json;
import io.modelward.core.prediction.DecisionRecord;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.route.EndpointService.EndpointView;
import io.modelward.gateway.route.RevisionView;
import io.modelward.gateway.trace.TraceService;
import io.modelward.runtime.EnvironmentInfo;
import io.modelward.runtime.ModelInfo;
import io.modelward.runtime.ServedBy;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Values of the gateway as the JSON of docs/api.yaml. */
final class ServingJson {

    private ServingJson() {}

    static ObjectNode endpoint(EndpointView view) {
        RevisionView revision = view.revision();
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
        RevisionView.ArmView active = revision.active();
        json.put("model", active.arm().model().toString())
                .put("model_version", active.arm().version().toString())
                .put("digest", active.arm().digest().toString());
        active.deletedAt().ifPresent(at -> json.put("deleted_at", at.toString()));
        json.set("arms", arms(revision));
        json.set("contract", revision.kept().contract().toJson());
        json.put("cause", revision.cause());
        changed(json, revision);
        view.model().filter(info -> !info.why().isEmpty()).ifPresent(info -> json.put("why", info.why()));
        json.put("evaluate", active.arm().evaluate() ? "auto" : "off");
        view.model().ifPresent(info -> {
            if (info.state() == ModelInfo.State.READY) {
                json.set("serving", served(info.served()));
            }
            json.set("worker", worker(info));
            ArrayNode warnings = json.putArray("warnings");
            info.warnings().forEach(warnings::add);
        });
        return json;
    }

    /** Who computes a version, and how that was proved. */
    static ObjectNode served(ServedBy served) {
        return Json.object()
                .put("by", served.by().word())
                .put("probes", served.probes())
                .put("nodes", served.nodes())
                .put("nodes_reached", served.nodesReached())
                .put("largest_difference", served.largestDifference())
                .put("reason", served.reason());
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

    /** Arms of deleted versions have one more member, {@code deleted_at}. */
    private static ArrayNode arms(RevisionView revision) {
        ArrayNode arms = Json.array();
        for (RevisionView.ArmView view : revision.arms()) {
            ObjectNode arm = view.arm().toJson();
            view.deletedAt().ifPresent(at -> arm.put("deleted_at", at.toString()));
            arms.add(arm);
        }
        return arms;
    }

    private static void changed(ObjectNode json, RevisionView revision) {
        json.put("changed_at", revision.change().at().toString());
        json.set("changed_by", RegistryJson.who(revision.change()));
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

    static ObjectNode revision(RevisionView revision) {
        ObjectNode json = Json.object().put("revision", revision.revision()).put("cause", revision.cause());
        json.put("model", revision.active().arm().model().toString());
        json.set("arms", arms(revision));
        json.put("contract_changed", revision.kept().contractChanged());
        revision.kept()
                .rolloutStep()
                .ifPresent(
                        in -> json.putObject("rollout").put("id", in.rollout()).put("step", in.step() + 1));
        changed(json, revision);
        return json;
    }

    static ObjectNode prediction(TraceService.TracedDecision decision) {
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
                .put("runtime", decision.runtime())
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
        json.set("version", RegistryJson.version(trace.version()));
        json.set("route", revision(trace.decision().route()));
        trace.rollout().ifPresent(view -> {
            ObjectNode rollout = RolloutJson.brief(view);
            trace.decision().route().kept().rolloutStep().ifPresent(in -> rollout.put("step", in.step() + 1));
            json.set("rollout", rollout);
        });
        ArrayNode live = json.putArray("live");
        for (TraceService.Interval interval : trace.live()) {
            ObjectNode item = live.addObject().put("from", interval.from().toString());
            interval.to().ifPresent(to -> item.put("to", to.toString()));
            item.put("revision", interval.revision());
        }
        ArrayNode audit = json.putArray("audit");
        trace.audit().forEach(entry -> audit.add(RegistryJson.audit(entry)));
        Optional<ObjectNode> verification = trace.verification().map(RegistryJson::verification);
        verification.ifPresent(found -> json.set("verification", found));
        return json;
    }
}
