package io.modelward.server.api;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.AliasName;
import io.modelward.core.version.Selector;
import io.modelward.registry.alias.AliasService;
import io.modelward.registry.alias.AliasService.Expectation;
import io.modelward.server.http.Body;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Aliases and their history. */
public final class AliasesDoor {

    private static final String ALIASES = "/api/v1/models/{namespace}/{name}/aliases";
    private static final String ALIAS = ALIASES + "/{alias}";

    private final AliasService aliases;

    public AliasesDoor(AliasService aliases) {
        this.aliases = aliases;
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", ALIASES, Action.READ, exchange -> {
            ObjectNode json = Json.object();
            ArrayNode list = json.putArray("aliases");
            aliases.list(ModelsDoor.model(exchange)).forEach(move -> list.add(move(move)));
            return Reply.ok(json);
        });
        routes.blocking(
                "GET", ALIAS, Action.READ, exchange -> reply(aliases.get(ModelsDoor.model(exchange), name(exchange))));
        routes.blocking("PUT", ALIAS, Action.RELEASE, this::set);
        routes.blocking("DELETE", ALIAS, Action.RELEASE, exchange -> {
            aliases.delete(
                    ModelsDoor.model(exchange),
                    name(exchange),
                    expectation(exchange),
                    exchange.actor(),
                    exchange.query("reason").orElse(""));
            return Reply.nothing();
        });
    }

    private static AliasName name(Exchange exchange) {
        return AliasName.parse(exchange.path("alias"));
    }

    private Reply set(Exchange exchange) throws IOException {
        Body body = exchange.body("version", "reason");
        return reply(aliases.set(
                ModelsDoor.model(exchange),
                name(exchange),
                Selector.parse(body.required("version")),
                expectation(exchange),
                exchange.actor(),
                body.string("reason").orElse("")));
    }

    private static Expectation expectation(Exchange exchange) {
        Optional<String> match = exchange.header("If-Match");
        if (match.isPresent()) {
            if (match.get().equals("*")) {
                return new Expectation.Present();
            }
            if (!match.get().matches("\"[0-9]{1,18}\"")) {
                throw ProblemException.invalid(
                        "If-Match", "If-Match is the alias's ETag, such as \"3\" with its quotes.");
            }
            return new Expectation.Sequence(Long.parseLong(match.get().replace("\"", "")));
        }
        Optional<String> none = exchange.header("If-None-Match");
        if (none.isPresent()) {
            if (!none.get().equals("*")) {
                throw ProblemException.invalid("If-None-Match", "If-None-Match is * here: create only.");
            }
            return new Expectation.Absent();
        }
        return new Expectation.Any();
    }

    private static Reply reply(AliasService.AliasView alias) {
        ObjectNode json = move(alias.current());
        ArrayNode history = json.putArray("history");
        alias.history().forEach(move -> history.add(move(move)));
        return Reply.ok(json).with("ETag", "\"" + alias.current().move().sequence() + "\"");
    }

    private static ObjectNode move(AliasService.MoveView view) {
        ObjectNode json = Json.object()
                .put("alias", view.move().alias())
                .put("sequence", view.move().sequence());
        view.version()
                .ifPresent(version -> json.put("version", version.version().toString())
                        .put("digest", version.digest().toString()));
        json.put("changed_at", view.move().change().at().toString());
        json.set("changed_by", RegistryJson.who(view.move().change()));
        json.put("reason", view.move().change().reason());
        return json;
    }
}
