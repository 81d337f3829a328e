package io.modelward.server.mlflow;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.registry.Page;
import io.modelward.registry.tracking.ExperimentService;
import io.modelward.registry.tracking.ExperimentService.ExperimentView;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.Reply;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** MLflow's experiments. */
final class ExperimentsDoor {

    private static final String ID = "experiment_id";

    private final ExperimentService experiments;

    ExperimentsDoor(ExperimentService experiments) {
        this.experiments = experiments;
    }

    void open(MlflowRoutes calls) {
        calls.post("/experiments/create", Action.TRACK, this::create);
        calls.get("/experiments/get", Action.READ, (message, exchange) -> reply(experiments.get(message.named(ID))));
        calls.get(
                "/experiments/get-by-name",
                Action.READ,
                (message, exchange) -> reply(experiments.getByName(message.named("experiment_name"))));
        calls.get("/experiments/search", Action.READ, this::search, "order_by");
        calls.post("/experiments/search", Action.READ, this::search);
        calls.post("/experiments/update", Action.TRACK, (message, exchange) -> {
            experiments.rename(message.named(ID), message.named("new_name"), exchange.actor(), "");
            return Reply.ok(Message.nothing());
        });
        calls.post("/experiments/delete", Action.DELETE, (message, exchange) -> {
            experiments.delete(message.named(ID), exchange.actor(), "");
            return Reply.ok(Message.nothing());
        });
        calls.post("/experiments/restore", Action.DELETE, (message, exchange) -> {
            experiments.restore(message.named(ID), exchange.actor(), "");
            return Reply.ok(Message.nothing());
        });
        calls.post("/experiments/set-experiment-tag", Action.TRACK, (message, exchange) -> {
            experiments.setTag(message.named(ID), MessageReaders.entry(message));
            return Reply.ok(Message.nothing());
        });
        calls.post("/experiments/delete-experiment-tag", Action.TRACK, (message, exchange) -> {
            experiments.deleteTag(message.named(ID), message.named("key"));
            return Reply.ok(Message.nothing());
        });
    }

    private Reply create(Message message, Exchange exchange) {
        String id = experiments.create(
                message.named("name"),
                message.string("artifact_location").filter(location -> !location.isEmpty()),
                MessageReaders.entries(message, "tags"),
                exchange.actor());
        return Reply.ok(Json.object().put(ID, id));
    }

    private Reply search(Message message, Exchange exchange) {
        Page<ExperimentView> page = experiments.search(MessageReaders.query(message, "view_type", List.of()));
        ObjectNode json = Json.object();
        MlflowJson.list(json, "experiments", page.items(), MlflowJson::experiment);
        page.next().ifPresent(token -> json.put("next_page_token", token));
        return Reply.ok(json);
    }

    private static Reply reply(ExperimentView experiment) {
        ObjectNode json = Json.object();
        json.set("experiment", MlflowJson.experiment(experiment));
        return Reply.ok(json);
    }
}
