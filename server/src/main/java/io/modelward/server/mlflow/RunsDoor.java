package io.modelward.server.mlflow;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.core.tracking.RunStatus;
import io.modelward.registry.Page;
import io.modelward.registry.tracking.RunSearch;
import io.modelward.registry.tracking.RunService;
import io.modelward.registry.tracking.RunView;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** MLflow's runs: their lives, and searches over them. */
final class RunsDoor {

    private static final List<String> STATUSES =
            Stream.of(RunStatus.values()).map(RunStatus::name).toList();

    private final RunService runs;
    private final RunSearch search;

    RunsDoor(RunService runs, RunSearch search) {
        this.runs = runs;
        this.search = search;
    }

    void open(MlflowRoutes calls) {
        calls.post("/runs/create", Action.TRACK, this::create);
        calls.get("/runs/get", Action.READ, (message, exchange) -> reply(runs.get(message.run())));
        calls.post("/runs/update", Action.TRACK, this::update);
        calls.post("/runs/delete", Action.DELETE, (message, exchange) -> {
            runs.delete(message.run(), exchange.actor(), "");
            return Reply.ok(Message.nothing());
        });
        calls.post("/runs/restore", Action.DELETE, (message, exchange) -> {
            runs.restore(message.run(), exchange.actor(), "");
            return Reply.ok(Message.nothing());
        });
        calls.post("/runs/search", Action.READ, this::search);
    }

    private Reply create(Message message, Exchange exchange) {
        return reply(runs.create(new RunService.NewRun(
                message.string("experiment_id").filter(id -> !id.isEmpty()).orElse("0"),
                message.string("user_id").orElse(""),
                message.string("run_name"),
                message.whole("start_time"),
                MessageReaders.entries(message, "tags"))));
    }

    private Reply update(Message message, Exchange exchange) {
        ObjectNode json = Json.object();
        json.set(
                "run_info",
                MlflowJson.info(runs.update(
                        message.run(),
                        message.choice("status", STATUSES).map(RunStatus::valueOf),
                        message.whole("end_time"),
                        message.string("run_name"))));
        return Reply.ok(json);
    }

    /** Written run by run: a page may be large. */
    private Reply search(Message message, Exchange exchange) {
        Page<RunView> page =
                search.search(MessageReaders.query(message, "run_view_type", message.strings("experiment_ids")));
        return Reply.written(out -> {
            String before = "{\"runs\":[";
            for (RunView run : page.items()) {
                out.write(before.getBytes(StandardCharsets.UTF_8));
                out.write(Json.bytes(MlflowJson.run(run)));
                before = ",";
            }
            ObjectNode rest = Json.object();
            page.next().ifPresent(token -> rest.put("next_page_token", token));
            String end = Json.write(rest);
            String written = page.items().isEmpty() ? end : "]" + (rest.isEmpty() ? "}" : "," + end.substring(1));
            out.write(written.getBytes(StandardCharsets.UTF_8));
        });
    }

    private static Reply reply(RunView run) {
        ObjectNode json = Json.object();
        json.set("run", MlflowJson.run(run));
        return Reply.ok(json);
    }
}
