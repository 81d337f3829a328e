package io.modelward.store.catalog.sql;

import io.modelward.core.search.Clause;
import io.modelward.core.search.Clause.Comparison;
import io.modelward.core.search.Field;
import io.modelward.core.version.SemVer;
import io.modelward.core.version.VersionRange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Clauses of a filter as SQL conditions on {@code r}. Values and keys are bound. Items whose metric, parameter or tag
 * is as wanted are listed first where they are few; where they are many, each item is asked as its turn in the order
 * comes, so that a page of a large search costs no list of half of all items.
 */
record FilterSql(Handle handle, Dialect dialect, SearchSource source, Bindings bindings) {

    private static final int FEW = 2000;

    /**
     * Limit and offset say nothing new, but without the limit SQLite, and without the offset PostgreSQL, may take the
     * subquery for a join, and walk all of a key's values for each item.
     */
    private static final String LOOKED_UP = " LIMIT 1 OFFSET 0)";

    String condition(Clause clause) {
        return switch (clause.field().kind()) {
            case ATTRIBUTE -> attribute(clause);
            case METRIC -> owner(clause, filter -> filter.metric(clause.test()) + filter.on(clause));
            case PARAM, TAG -> side(clause);
            case DATASET ->
                "r.run IN (SELECT d.run FROM run_datasets d WHERE "
                        + test("d." + clause.field().key(), clause.test()) + ")";
        };
    }

    private String on(Clause clause) {
        return source.side(clause.field()).measured()
                ? Measured.on("s", clause.field().datasets(), bindings)
                : "";
    }

    private String attribute(Clause clause) {
        SearchSource.Several several = source.several().get(clause.field().key());
        if (several == null) {
            return test("r." + source.column(clause.field()), clause.test());
        }
        // Of several values, being different means that none is equal.
        Clause.Test positive = clause.test().positive();
        return (positive.equals(clause.test()) ? "" : "NOT ") + "EXISTS (SELECT 1 FROM " + several.table() + " s WHERE "
                + several.whose() + " AND " + test(several.value(), positive) + ")";
    }

    private String side(Clause clause) {
        SearchSource.Side side = source.side(clause.field());
        if (clause.test() instanceof Clause.Absent absent) {
            return (absent.negated() ? "" : "NOT ") + "EXISTS (SELECT 1 FROM " + side.table() + " s WHERE s."
                    + side.owner() + " = r." + side.id() + " AND s.key = "
                    + bindings.add(clause.field().key()) + ")";
        }
        if (source.falseWhenAbsent().contains(clause.field().key())
                && !clause.test().positive().equals(clause.test())) {
            return "NOT " + side(new Clause(clause.field(), clause.test().positive()));
        }
        return owner(clause, filter -> filter.value(clause.test()));
    }

    /**
     * A value is found by its head, which the index has; of one that is shorter than a head no more needs to be looked
     * at.
     */
    private String value(Clause.Test test) {
        if (!isEqual(test)) {
            return test("s.value", test);
        }
        String value = ((Clause.Text) test).value();
        String found = "s.head = " + bindings.add(Sides.head(value));
        return Sides.isHead(value) ? found : found + " AND " + test("s.value", test);
    }

    private static boolean isEqual(Clause.Test test) {
        return test instanceof Clause.Text text && text.equal();
    }

    private String owner(Clause clause, Function<FilterSql, String> condition) {
        SearchSource.Side side = source.side(clause.field());
        String owner = "s." + side.owner();
        String item = "r." + side.id();
        boolean indexed = clause.field().kind() == Field.Kind.METRIC || isEqual(clause.test());
        // Where an item has many values of a key, no index leads to those of the item: asking each would take longest.
        boolean listed = side.measured()
                || (indexed && new FilterSql(handle, dialect, source, new Bindings()).isMetByFew(clause, condition));
        return listed
                ? "(" + item + " IN (SELECT " + owner + from(clause, condition) + "))"
                : "EXISTS (SELECT 1" + from(clause, condition) + " AND " + owner + " = " + item + LOOKED_UP;
    }

    private boolean isMetByFew(Clause clause, Function<FilterSql, String> condition) {
        String met = "SELECT count(*) FROM (SELECT 1" + from(clause, condition) + " LIMIT " + (FEW + 1) + ") met";
        return bindings.bind(handle.createQuery(met)).mapTo(Long.class).one() <= FEW;
    }

    private String from(Clause clause, Function<FilterSql, String> condition) {
        return " FROM " + source.side(clause.field()).table() + " s WHERE s.key = "
                + bindings.add(clause.field().key()) + " AND " + condition.apply(this);
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
            when like.anyCase() ->
                "lower(" + column + ") LIKE lower(" + bindings.add(like.pattern()) + ")" + dialect.likeEscape();
            case Clause.Like like -> column + " LIKE " + bindings.add(like.pattern()) + dialect.likeEscape();
            case Clause.In in -> column + (in.negated() ? " NOT IN " : " IN ") + bindings.list(in.values());
            case Clause.Absent absent -> column + (absent.negated() ? " IS NOT NULL" : " IS NULL");
            case Clause.Numbered numbered ->
                column
                        + sign(numbered.comparison())
                        + bindings.add(numbered.version().sortKey());
            case Clause.Within within -> within(column, within.range());
        };
    }

    /**
     * As {@link VersionRange#contains} decides: a pre-release only where a comparator names one of the same release.
     */
    private String within(String column, VersionRange range) {
        return range.alternatives().stream()
                .map(comparators -> alternative(column, comparators))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    private String alternative(String column, List<VersionRange.Comparator> comparators) {
        List<String> conditions = new ArrayList<>();
        StringBuilder released = new StringBuilder("(r.pre_release = 0");
        for (VersionRange.Comparator comparator : comparators) {
            SemVer bound = comparator.bound();
            conditions.add(column + sign(comparator.operator()) + bindings.add(bound.sortKey()));
            if (bound.isPreRelease()) {
                released.append(" OR ").append(preReleases(column, bound.release()));
            }
        }
        conditions.add(released.append(')').toString());
        return "(" + String.join(" AND ", conditions) + ")";
    }

    /** The sort keys of a release's pre-releases begin with that of the release but for its last character. */
    private String preReleases(String column, SemVer release) {
        String key = release.sortKey();
        String common = key.substring(0, key.length() - 1);
        return "(" + column + " >= " + bindings.add(common + "-") + " AND " + column + " < " + bindings.add(key) + ")";
    }

    private static String sign(VersionRange.Operator operator) {
        return switch (operator) {
            case LESS -> " < ";
            case AT_MOST -> " <= ";
            case EQUAL -> " = ";
            case AT_LEAST -> " >= ";
            case MORE -> " > ";
        };
    }

    private static String sign(Comparison comparison) {
        return comparison == Comparison.NOT_EQUAL ? " <> " : " " + comparison.sign() + " ";
    }
}
