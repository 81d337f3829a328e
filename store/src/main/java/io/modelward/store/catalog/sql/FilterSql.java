package io.modelward.store.catalog.sql;

import io.modelward.core.search.Clause;
import io.modelward.core.search.Clause.Comparison;

/** Clauses of a filter as SQL conditions on {@code r}. Values and keys are bound. */
record FilterSql(SearchSource source, Bindings bindings) {

    String condition(Clause clause) {
        return switch (clause.field().kind()) {
            case ATTRIBUTE -> test("r." + source.column(clause.field()), clause.test());
            case METRIC -> owner(source.side(clause.field()), clause, metric(clause.test()) + on(clause));
            case PARAM, TAG -> side(clause);
            case DATASET ->
                "r.run IN (SELECT d.run FROM run_datasets d WHERE "
                        + test("d." + clause.field().key(), clause.test()) + ")";
        };
    }

    private String on(Clause clause) {
        return source.measured() ? Measured.on("s", clause.field().datasets(), bindings) : "";
    }

    private String side(Clause clause) {
        String table = source.side(clause.field());
        if (clause.test() instanceof Clause.Absent absent) {
            return (absent.negated() ? "" : "NOT ") + "EXISTS (SELECT 1 FROM " + table + " s WHERE s."
                    + source.foreign() + " = r." + source.id() + " AND s.key = "
                    + bindings.add(clause.field().key()) + ")";
        }
        String head = clause.test() instanceof Clause.Text(boolean equal, String value) && equal
                ? "s.head = " + bindings.add(Sides.head(value)) + " AND "
                : "";
        return owner(table, clause, head + test("s.value", clause.test()));
    }

    private String owner(String table, Clause clause, String condition) {
        return "r." + source.id() + " IN (SELECT s." + source.foreign() + " FROM " + table + " s WHERE s.key = "
                + bindings.add(clause.field().key()) + " AND " + condition + ")";
    }

    /** What is no number is different from every number, and neither below nor above one. */
    private String metric(Clause.Test test) {
        String number = test("s.value", test);
        boolean different = test instanceof Clause.Number(Comparison comparison, double ignored)
                && comparison == Comparison.NOT_EQUAL;
        return different ? "(s.is_nan = 1 OR " + number + ")" : "s.is_nan = 0 AND " + number;
    }

    private String test(String column, Clause.Test test) {
        return switch (test) {
            case Clause.Number number -> column + sign(number.comparison()) + bindings.add(number.value());
            case Clause.Whole number -> column + sign(number.comparison()) + bindings.add(number.value());
            case Clause.Text text -> column + (text.equal() ? " = " : " <> ") + bindings.add(text.value());
            case Clause.Like like
            when like.anyCase() -> "lower(" + column + ") LIKE lower(" + bindings.add(like.pattern()) + ")";
            case Clause.Like like -> column + " LIKE " + bindings.add(like.pattern());
            case Clause.In in -> column + (in.negated() ? " NOT IN " : " IN ") + bindings.list(in.values());
            case Clause.Absent absent -> column + (absent.negated() ? " IS NOT NULL" : " IS NULL");
        };
    }

    private static String sign(Comparison comparison) {
        return comparison == Comparison.NOT_EQUAL ? " <> " : " " + comparison.sign() + " ";
    }
}
