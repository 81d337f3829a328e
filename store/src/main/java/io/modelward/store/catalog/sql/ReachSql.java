package io.modelward.store.catalog.sql;

import io.modelward.core.access.Reach;
import io.modelward.core.access.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * The condition that a row is within the reach of a caller, so that a page, a count and the time for them tell nothing
 * of other rows.
 *
 * @param kind of the things of which the rows are, or to which they belong
 * @param name an expression for the name of that thing; in lower case where names that differ in case are one
 * @param around what the condition on the name stands in, as {@code EXISTS (… AND %s)}
 * @param makers expressions for what {@code access_creators} calls the row, and what it belongs to; the first that has
 *     a maker counts
 * @param common a condition for rows that all see who make such things; empty: none
 */
record ReachSql(Scope.Kind kind, String name, String around, List<String> makers, String common) {

    static final ReachSql MODELS = new ReachSql(Scope.Kind.MODEL, "r.collision_key", "%s", List.of(), "");
    static final ReachSql VERSIONS = new ReachSql(
            Scope.Kind.MODEL,
            "m.collision_key",
            "EXISTS (SELECT 1 FROM models m WHERE m.id = r.model AND (%s))",
            List.of(),
            "");
    static final ReachSql EXPERIMENTS =
            new ReachSql(Scope.Kind.EXPERIMENT, "r.name", "%s", List.of("'experiment:' || r.id"), "r.id = 0");
    static final ReachSql RUNS = within("'run:' || r.run");
    static final ReachSql LOGGED_MODELS = within("'logged-model:' || r.model");

    private static ReachSql within(String maker) {
        return new ReachSql(
                Scope.Kind.EXPERIMENT,
                "e.name",
                "EXISTS (SELECT 1 FROM experiments e WHERE e.id = r.experiment AND (%s))",
                List.of(maker, "'experiment:' || r.experiment"),
                "");
    }

    /** The conditions to add; none when everything is within reach. */
    List<String> conditions(Reach reach, Bindings bindings) {
        if (reach.everything()) {
            return List.of();
        }
        List<String> layers = new ArrayList<>();
        for (List<Scope> layer : reach.layers()) {
            if (layer.contains(Scope.SERVER)) {
                continue;
            }
            List<String> scopes = new ArrayList<>();
            for (Scope scope : layer) {
                if (scope.kind() == kind) {
                    scopes.add(name + " LIKE " + bindings.add(pattern(scope)) + " ESCAPE '!'");
                }
            }
            layers.add(scopes.isEmpty() ? "1 = 0" : "(" + String.join(" OR ", scopes) + ")");
        }
        List<String> either = new ArrayList<>();
        either.add(around.formatted(String.join(" AND ", layers)));
        if (reach.anything() && reach.creator().isPresent()) {
            String creator = bindings.add(reach.creator().get());
            String nobodysYet = "";
            for (String maker : makers) {
                either.add("(EXISTS (SELECT 1 FROM access_creators c WHERE c.thing = " + maker + " AND c.subject = "
                        + creator + ")" + nobodysYet + ")");
                nobodysYet += " AND NOT EXISTS (SELECT 1 FROM access_creators c WHERE c.thing = " + maker + ")";
            }
            if (!common.isEmpty()) {
                either.add(common);
            }
        }
        return List.of("(" + String.join(" OR ", either) + ")");
    }

    /** A star of a scope as LIKE has it. A name of a model has one slash, as its scope, so that no star reaches over it. */
    private static String pattern(Scope scope) {
        return scope.name()
                .replace("!", "!!")
                .replace("%", "!%")
                .replace("_", "!_")
                .replace('*', '%');
    }
}
