package io.modelward.server.api;

import io.modelward.core.access.Action;
import io.modelward.core.audit.AuditEntry;
import io.modelward.core.audit.AuditQuery;
import io.modelward.core.json.Json;
import io.modelward.core.prediction.RecordPlace;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.search.PageToken;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.gateway.trace.StatusRange;
import io.modelward.gateway.trace.TraceService;
import io.modelward.registry.AuditService;
import io.modelward.registry.Page;
import io.modelward.registry.verify.Verification;
import io.modelward.registry.verify.Verifier;
import io.modelward.server.http.Body;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Traces of predictions, the audit log, and the verification of stored data. */
public final class RecordsDoor {

    private final TraceService traces;
    private final AuditService audit;
    private final Verifier verifier;

    public RecordsDoor(TraceService traces, AuditService audit, Verifier verifier) {
        this.traces = traces;
        this.audit = audit;
        this.verifier = verifier;
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", "/api/v1/predictions", Action.AUDIT, this::predictions);
        routes.blocking(
                "GET",
                "/api/v1/predictions/{prediction}",
                Action.AUDIT,
                exchange -> Reply.ok(ServingJson.prediction(traces.decision(exchange.path("prediction")))));
        routes.blocking(
                "GET",
                "/api/v1/predictions/{prediction}/trace",
                Action.AUDIT,
                exchange -> Reply.ok(
                        ServingJson.trace(traces.trace(exchange.path("prediction"), exchange.flag("verify")))));
        routes.blocking("POST", "/api/v1/verify", Action.READ, this::verify);
        routes.blocking("GET", "/api/v1/audit", Action.AUDIT, this::audit);
    }

    private Reply predictions(Exchange exchange) {
        Optional<ModelName> model = exchange.query("model").map(ModelName::parse);
        Optional<Selector> version = exchange.query("version").map(Selector::parse);
        if (model.isEmpty() && version.isPresent()) {
            throw ProblemException.invalid("model", "model is needed with version.");
        }
        TraceService.Decisions found = traces.decisions(
                new TraceService.RecordFilter(
                        exchange.query("endpoint"),
                        model,
                        version,
                        exchange.time("since"),
                        exchange.time("until"),
                        StatusRange.parse(exchange.query("status").orElse(""))),
                exchange.pageToken().map(RecordPlace::ofKey),
                exchange.pageSize());
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("predictions");
        found.found().forEach(decision -> list.add(ServingJson.prediction(decision)));
        found.next().ifPresent(next -> json.put("next_page_token", next.token()));
        return Reply.ok(json);
    }

    private Reply verify(Exchange exchange) throws IOException {
        Body body = exchange.optionalBody("model", "version");
        Optional<ModelName> model = body.string("model").map(ModelName::parse);
        Optional<Selector> version = body.string("version").map(Selector::parse);
        if (model.isEmpty() && version.isPresent()) {
            throw ProblemException.invalid("model", "model is needed with version.");
        }
        Verification found = model.isEmpty()
                ? verifier.all()
                : version.isEmpty() ? verifier.model(model.get()) : verifier.version(model.get(), version.get());
        return Reply.ok(RegistryJson.verification(found));
    }

    private Reply audit(Exchange exchange) {
        AuditQuery query = new AuditQuery(
                exchange.query("subject").orElse(""),
                exchange.query("by").orElse(""),
                exchange.query("action").orElse(""),
                exchange.time("since"),
                exchange.time("until"));
        Page<AuditEntry> page = audit.list(exchange.pageBefore(), exchange.pageSize(), query);
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("entries");
        page.items().forEach(entry -> list.add(RegistryJson.audit(entry)));
        page.next().ifPresent(next -> json.put("next_page_token", PageToken.ofKey(next)));
        return Reply.ok(json);
    }
}
