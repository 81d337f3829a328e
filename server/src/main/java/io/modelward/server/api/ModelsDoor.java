package io.modelward.server.api;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.search.PageToken;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.gateway.model.ModelEnvironments;
import io.modelward.registry.Page;
import io.modelward.registry.compare.CompareService;
import io.modelward.registry.version.VersionService;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Models and versions, for reading; {@link ModelChangesDoor} changes them. */
public final class ModelsDoor {

    private static final String MODEL = "/api/v1/models/{namespace}/{name}";
    private static final String VERSION = MODEL + "/versions/{version}";

    private final VersionService versions;
    private final CompareService compare;
    private final ModelEnvironments environments;

    public ModelsDoor(VersionService versions, CompareService compare, ModelEnvironments environments) {
        this.versions = versions;
        this.compare = compare;
        this.environments = environments;
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", "/api/v1/models", Action.READ, this::models);
        routes.blocking(
                "GET", MODEL, Action.READ, exchange -> Reply.ok(RegistryJson.model(versions.model(model(exchange)))));
        routes.blocking("GET", MODEL + "/versions", Action.READ, this::list);
        routes.blocking("GET", MODEL + "/resolve", Action.READ, this::resolve);
        routes.blocking("GET", MODEL + "/compare", Action.READ, this::compare);
        routes.blocking("GET", VERSION, Action.READ, this::show);
        routes.blocking(
                "GET",
                VERSION + "/manifest",
                Action.READ,
                exchange -> Reply.ok(version(exchange).published().manifest().toJson()));
        routes.blocking(
                "GET",
                VERSION + "/card",
                Action.READ,
                exchange -> Reply.ok(version(exchange).published().card()));
    }

    static ModelName model(Exchange exchange) {
        return ModelName.of(exchange.path("namespace"), exchange.path("name"));
    }

    private VersionService.VersionWithProvenance version(Exchange exchange) {
        return versions.version(model(exchange), new Selector.Exact(SemVer.parse(exchange.path("version"))));
    }

    Reply show(Exchange exchange) {
        VersionService.VersionWithProvenance version = version(exchange);
        ObjectNode json = RegistryJson.version(version);
        environments
                .of(version.published())
                .ifPresent(environment -> json.set("environment", ServingJson.environment(environment)));
        environments.served(version.published()).ifPresent(served -> json.set("serving", ServingJson.served(served)));
        return Reply.ok(json);
    }

    private Reply models(Exchange exchange) {
        Page<VersionService.ModelSummary> page = versions.models(
                exchange.pageToken().orElse(""),
                exchange.pageSize(),
                exchange.query("search").orElse(""));
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("models");
        page.items().forEach(model -> list.add(RegistryJson.model(model)));
        page.next().ifPresent(next -> json.put("next_page_token", PageToken.ofKey(next)));
        return Reply.ok(json);
    }

    private Reply list(Exchange exchange) {
        Page<VersionSummary> page =
                versions.versions(model(exchange), exchange.pageToken().orElse(""), exchange.pageSize());
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("versions");
        page.items().forEach(version -> list.add(RegistryJson.summary(version)));
        page.next().ifPresent(next -> json.put("next_page_token", PageToken.ofKey(next)));
        return Reply.ok(json);
    }

    private Reply resolve(Exchange exchange) {
        Selector selector = Selector.parse(exchange.requiredQuery("selector"));
        return Reply.ok(RegistryJson.summary(
                versions.version(model(exchange), selector).published().summary()));
    }

    private Reply compare(Exchange exchange) {
        return Reply.ok(ComparisonJson.json(compare.compare(
                model(exchange),
                Selector.parse(exchange.requiredQuery("from")),
                Selector.parse(exchange.requiredQuery("to")))));
    }
}
