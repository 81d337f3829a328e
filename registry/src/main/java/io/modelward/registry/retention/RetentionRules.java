package io.modelward.registry.retention;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Reach;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.retention.KeptRule;
import io.modelward.core.retention.RetentionRule;
import io.modelward.core.retention.RetentionScope;
import io.modelward.core.version.ModelName;
import io.modelward.registry.Actor;
import io.modelward.registry.version.VersionResolver;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Sets, shows and removes rules. Without a rule nothing is deleted. */
public final class RetentionRules {

    private static final int MOST = 10_000;

    private final Access access;
    private final Catalog catalog;
    private final InstantSource clock;

    public RetentionRules(Access access, Catalog catalog, InstantSource clock) {
        this.access = access;
        this.catalog = catalog;
        this.clock = clock;
    }

    /**
     * A rule with the name of what it is for now.
     *
     * @param model the model's name; empty: the rule is for a namespace or the server
     */
    public record Named(KeptRule kept, Optional<ModelName> model) {

        /** {@code server}, {@code namespace NAME} or {@code model NAME}. */
        public String words() {
            return model.map(name -> "model " + name).orElseGet(() -> switch (kept.scope()) {
                case RetentionScope.Namespace namespace -> "namespace " + namespace.name();
                case RetentionScope.OfModel _ -> "model";
                case RetentionScope.Server _ -> "server";
            });
        }
    }

    /** All rules; of models and namespaces, those within the caller's reach, and none of deleted models. */
    public List<Named> list() {
        Reach reach = access.requireSome(Action.READ);
        return catalog.read(tx -> tx.retention().rules(MOST).stream()
                .map(rule -> named(tx, rule))
                .filter(named -> isWithin(reach, named))
                .toList());
    }

    private static boolean isWithin(Reach reach, Named named) {
        return switch (named.kept().scope()) {
            case RetentionScope.Server _ -> true;
            // Whoever may look at all models of a namespace sees its rule; any name stands for all.
            case RetentionScope.Namespace namespace -> reach.coversModel(ModelName.of(namespace.name(), "any"));
            case RetentionScope.OfModel _ ->
                named.model().map(reach::coversModel).orElse(false);
        };
    }

    static Named named(CatalogTransaction tx, KeptRule rule) {
        return new Named(
                rule,
                rule.scope() instanceof RetentionScope.OfModel model
                        ? tx.models()
                                .find(model.id())
                                .filter(RegisteredModel::active)
                                .map(RegisteredModel::name)
                        : Optional.empty());
    }

    /** Sets the rule of the server; setting the same again changes nothing. */
    public Named setOfServer(RetentionRule rule, Actor actor, String reason) {
        access.require(Action.ADMINISTER, Resource.REGISTRY);
        Change change = actor.change(clock.instant(), reason);
        return catalog.write(tx -> put(tx, new KeptRule(RetentionScope.SERVER, rule, change), "retention:server"));
    }

    /** As {@link #setOfServer} for a namespace, which need not have models yet. */
    public Named setOfNamespace(String namespace, RetentionRule rule, Actor actor, String reason) {
        access.require(Action.ADMINISTER, Resource.REGISTRY);
        RetentionScope.Namespace scope = RetentionScope.Namespace.parse(namespace);
        Change change = actor.change(clock.instant(), reason);
        return catalog.write(tx -> put(tx, new KeptRule(scope, rule, change), "retention:namespace:" + scope.name()));
    }

    /** As {@link #setOfServer} for a model; the rule goes with the model when it is renamed. */
    public Named setOfModel(ModelName name, RetentionRule rule, Actor actor, String reason) {
        access.require(Action.DELETE, new Resource.Model(name));
        Change change = actor.change(clock.instant(), reason);
        return catalog.write(tx -> {
            RegisteredModel model = VersionResolver.requireModel(tx, name);
            KeptRule kept = new KeptRule(new RetentionScope.OfModel(model.id()), rule, change);
            return put(tx, kept, model.name().toString());
        });
    }

    private static Named put(CatalogTransaction tx, KeptRule rule, String subject) {
        Optional<KeptRule> before = tx.retention().rule(rule.scope());
        if (before.filter(one -> one.rule().equals(rule.rule())).isPresent()) {
            return named(tx, before.get());
        }
        if (before.isEmpty() && tx.retention().rules(MOST).size() >= MOST) {
            throw ProblemException.refused(
                    "rule", "There are " + MOST + " rules already. Set one for a namespace instead.");
        }
        tx.retention().putRule(rule);
        ObjectNode detail = Json.object();
        detail.set("rule", rule.rule().toJson());
        before.ifPresent(one -> detail.set("before", one.rule().toJson()));
        tx.audit().append(rule.change(), "retention.set", subject, detail);
        return named(tx, rule);
    }

    /** Removes the rule of the server; one that is not there changes nothing. */
    public void removeOfServer(Actor actor, String reason) {
        access.require(Action.ADMINISTER, Resource.REGISTRY);
        Change change = actor.change(clock.instant(), reason);
        catalog.write(tx -> remove(tx, RetentionScope.SERVER, "retention:server", change));
    }

    /** As {@link #removeOfServer} for a namespace. */
    public void removeOfNamespace(String namespace, Actor actor, String reason) {
        access.require(Action.ADMINISTER, Resource.REGISTRY);
        RetentionScope.Namespace scope = RetentionScope.Namespace.parse(namespace);
        Change change = actor.change(clock.instant(), reason);
        catalog.write(tx -> remove(tx, scope, "retention:namespace:" + scope.name(), change));
    }

    /** As {@link #removeOfServer} for a model. */
    public void removeOfModel(ModelName name, Actor actor, String reason) {
        access.require(Action.DELETE, new Resource.Model(name));
        Change change = actor.change(clock.instant(), reason);
        catalog.write(tx -> {
            RegisteredModel model = VersionResolver.requireModel(tx, name);
            return remove(
                    tx, new RetentionScope.OfModel(model.id()), model.name().toString(), change);
        });
    }

    private static boolean remove(CatalogTransaction tx, RetentionScope scope, String subject, Change change) {
        Optional<KeptRule> before = tx.retention().rule(scope);
        before.ifPresent(one -> {
            tx.retention().deleteRule(scope);
            ObjectNode detail = Json.object();
            detail.set("before", one.rule().toJson());
            tx.audit().append(change, "retention.remove", subject, detail);
        });
        return before.isPresent();
    }
}
