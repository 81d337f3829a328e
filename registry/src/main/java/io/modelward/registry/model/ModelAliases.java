package io.modelward.registry.model;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.AliasName;
import io.modelward.core.version.ModelName;
import io.modelward.registry.Actor;
import io.modelward.registry.alias.AliasService;
import io.modelward.store.catalog.Catalog;
import java.time.InstantSource;
import java.util.regex.Pattern;

/** Sets and removes aliases as MLflow's clients do: without saying what they expect, by ordinal, and without an answer. */
public final class ModelAliases {

    private static final Pattern LIKE_AN_ORDINAL = Pattern.compile("[vV][0-9]+");

    private final Access access;
    private final Catalog catalog;
    private final InstantSource clock;
    private final AliasService aliases;

    public ModelAliases(Access access, Catalog catalog, InstantSource clock, AliasService aliases) {
        this.access = access;
        this.catalog = catalog;
        this.clock = clock;
        this.aliases = aliases;
    }

    public void set(ModelName name, String alias, String ordinal, Actor actor) {
        access.require(Action.PUBLISH, new Resource.Model(name));
        AliasName checked = AliasName.parse(alias);
        if (LIKE_AN_ORDINAL.matcher(alias).matches()) {
            throw ProblemException.invalid(
                    "alias", "Version aliases of the form '" + alias + "' are reserved for versions. Choose a word.");
        }
        Change change = actor.change(clock.instant(), "");
        catalog.write(tx -> {
            RegisteredModel model = ModelNames.require(tx, name);
            aliases.point(
                    tx,
                    model,
                    checked,
                    ClientSelector.ordinal(tx, model, ordinal).summary(),
                    change);
            return true;
        });
    }

    /** An alias that is not there is deleted already. */
    public void delete(ModelName name, String alias, Actor actor) {
        access.require(Action.PUBLISH, new Resource.Model(name));
        AliasName checked = AliasName.parse(alias);
        Change change = actor.change(clock.instant(), "");
        catalog.write(tx -> {
            aliases.remove(tx, ModelNames.require(tx, name), checked, change);
            return true;
        });
    }
}
