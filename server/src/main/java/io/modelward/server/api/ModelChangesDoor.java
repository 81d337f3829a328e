package io.modelward.server.api;

import io.modelward.core.access.Action;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.registry.model.ModelService;
import io.modelward.registry.model.VersionStateService;
import io.modelward.registry.version.VersionService;
import io.modelward.server.http.Body;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.io.IOException;

/** Changes of models and versions by people: names, descriptions, tags and deletion. */
public final class ModelChangesDoor {

    private static final String MODEL = "/api/v1/models/{namespace}/{name}";
    private static final String VERSION = MODEL + "/versions/{version}";
    private static final String TAG = "/tags/{path}";

    private final ModelService models;
    private final VersionStateService states;
    private final VersionService versions;
    private final ModelsDoor shown;

    /** @param shown tells of a model or version after a change */
    public ModelChangesDoor(
            ModelService models, VersionStateService states, VersionService versions, ModelsDoor shown) {
        this.models = models;
        this.states = states;
        this.versions = versions;
        this.shown = shown;
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("POST", MODEL + "/rename", Action.DELETE, this::rename);
        routes.blocking("PUT", MODEL + "/description", Action.DESCRIBE, exchange -> {
            Body body = exchange.body("description", "reason");
            models.describe(model(exchange), text(body, "description"), exchange.actor(), reason(body));
            return told(model(exchange));
        });
        // A key may have slashes.
        routes.blocking("PUT", MODEL + TAG, Action.DESCRIBE, exchange -> {
            Body body = exchange.body("value", "reason");
            models.setTag(model(exchange), tag(exchange, body), exchange.actor(), reason(body));
            return told(model(exchange));
        });
        routes.blocking("DELETE", MODEL + TAG, Action.DESCRIBE, exchange -> {
            models.deleteTag(model(exchange), exchange.path("path"), exchange.actor(), exchange.reason());
            return Reply.nothing();
        });
        routes.blocking("DELETE", MODEL, Action.DELETE, exchange -> {
            models.delete(model(exchange), exchange.actor(), exchange.reason());
            return Reply.nothing();
        });
        routes.blocking("POST", MODEL + "/undelete", Action.DELETE, exchange -> {
            Body body = exchange.optionalBody("reason");
            models.undelete(model(exchange), exchange.actor(), reason(body));
            return told(model(exchange));
        });
        routes.blocking("PUT", VERSION + "/description", Action.DESCRIBE, exchange -> {
            Body body = exchange.body("description", "reason");
            states.describe(
                    model(exchange), version(exchange), text(body, "description"), exchange.actor(), reason(body));
            return shown.show(exchange);
        });
        routes.blocking("PUT", VERSION + TAG, Action.DESCRIBE, exchange -> {
            Body body = exchange.body("value", "reason");
            states.setTag(model(exchange), version(exchange), tag(exchange, body), exchange.actor(), reason(body));
            return shown.show(exchange);
        });
        routes.blocking("DELETE", VERSION + TAG, Action.DESCRIBE, exchange -> {
            states.deleteTag(
                    model(exchange), version(exchange), exchange.path("path"), exchange.actor(), exchange.reason());
            return Reply.nothing();
        });
        routes.blocking("DELETE", VERSION, Action.DELETE, exchange -> {
            states.delete(model(exchange), version(exchange), exchange.actor(), exchange.reason());
            return Reply.nothing();
        });
        routes.blocking("POST", VERSION + "/undelete", Action.DELETE, exchange -> {
            Body body = exchange.optionalBody("reason");
            states.undelete(model(exchange), SemVer.parse(exchange.path("version")), exchange.actor(), reason(body));
            return shown.show(exchange);
        });
    }

    private Reply rename(Exchange exchange) throws IOException {
        Body body = exchange.body("name", "reason");
        ModelName to = ModelName.parse(body.required("name"));
        models.rename(model(exchange), to, exchange.actor(), reason(body));
        return told(to);
    }

    private Reply told(ModelName model) {
        return Reply.ok(RegistryJson.model(versions.model(model)));
    }

    private static ModelName model(Exchange exchange) {
        return ModelsDoor.model(exchange);
    }

    private static Selector version(Exchange exchange) {
        return new Selector.Exact(SemVer.parse(exchange.path("version")));
    }

    private static KeyValue tag(Exchange exchange, Body body) {
        return new KeyValue(exchange.path("path"), text(body, "value"));
    }

    /** A text that must be there and may be empty. */
    private static String text(Body body, String name) {
        return body.string(name).orElseGet(() -> body.required(name));
    }

    private static String reason(Body body) {
        return body.string("reason").orElse("");
    }
}
