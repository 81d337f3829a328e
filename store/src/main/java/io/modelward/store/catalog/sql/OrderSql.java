package io.modelward.store.catalog.sql;

import io.modelward.core.search.Field;
import io.modelward.core.search.SortOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * An order as SQL. What the first term looks at decides what is walked: rows that have the value come first, by its
 * index, then those whose value is no number, then those without one. Each of these phases is a statement of its own,
 * so that none has to sort all rows by a computed column.
 */
final class OrderSql {

    /** A column that is sorted by; never null. */
    record Column(String expression, Class<?> type, boolean ascending) {}

    /**
     * A part of the order.
     *
     * @param from tables, with {@code r} among them
     */
    record Phase(String from, List<String> conditions, List<Column> columns) {}

    private final SearchSource source;
    private final Bindings bindings;
    private final List<Column> rest = new ArrayList<>();
    private final StringBuilder joins = new StringBuilder();

    private OrderSql(SearchSource source, Bindings bindings) {
        this.source = source;
        this.bindings = bindings;
    }

    static List<Phase> phases(SearchSource source, List<SortOrder> order, Bindings bindings) {
        OrderSql sql = new OrderSql(source, bindings);
        order.subList(1, order.size()).forEach(sql::add);
        return sql.first(order.getFirst());
    }

    private List<Phase> first(SortOrder order) {
        Field field = order.field();
        return switch (field.kind()) {
            case ATTRIBUTE -> attribute(order, "r." + source.column(field));
            case METRIC -> {
                String key = bindings.add(field.key());
                SearchSource.Side side = source.side(field);
                yield List.of(
                        driven(
                                side,
                                key,
                                " AND f.is_nan = 0" + one("f", field),
                                List.of(new Column("f.value", Double.class, order.ascending()))),
                        driven(side, key, " AND f.is_nan = 1" + one("f", field), List.of()),
                        without(side, key, on("f", field)));
            }
            case PARAM, TAG, DATASET -> {
                String key = bindings.add(field.key());
                SearchSource.Side side = source.side(field);
                // The head is the beginning of the value, so it changes no order; it is what the index has.
                List<Column> columns = List.of(
                        new Column("f.head", String.class, order.ascending()),
                        new Column("f.value", String.class, order.ascending()));
                yield List.of(driven(side, key, "", columns), without(side, key, ""));
            }
        };
    }

    /** Which of many values of a metric counts. */
    private String one(String alias, Field field) {
        return source.side(field).measured()
                ? on(alias, field) + Measured.newest(alias, field.datasets(), bindings)
                : "";
    }

    private String on(String alias, Field field) {
        return source.side(field).measured() ? Measured.on(alias, field.datasets(), bindings) : "";
    }

    private List<Phase> attribute(SortOrder order, String column) {
        Column sorted = new Column(column, type(order.field()), order.ascending());
        if (!source.nullable().contains(source.column(order.field()))) {
            return List.of(phase(plain(), List.of(), List.of(sorted)));
        }
        return List.of(
                phase(plain(), List.of(column + " IS NOT NULL"), List.of(sorted)),
                phase(plain(), List.of(column + " IS NULL"), List.of()));
    }

    private Class<?> type(Field field) {
        return source.whole().contains(source.column(field)) ? Long.class : String.class;
    }

    /** CROSS JOIN keeps SQLite from turning the loops round, and means the same as a comma elsewhere. */
    private Phase driven(SearchSource.Side side, String key, String more, List<Column> columns) {
        return phase(
                side.table() + " f CROSS JOIN " + plain(),
                List.of("f.key = " + key + more, "r." + side.id() + " = f." + side.owner()),
                columns);
    }

    private Phase without(SearchSource.Side side, String key, String more) {
        return phase(
                plain(),
                List.of("NOT EXISTS (SELECT 1 FROM " + side.table() + " f WHERE f." + side.owner() + " = r." + side.id()
                        + " AND f.key = " + key + more + ")"),
                List.of());
    }

    private String plain() {
        return source.table() + " r";
    }

    private Phase phase(String from, List<String> conditions, List<Column> columns) {
        List<Column> all = new ArrayList<>(columns);
        all.addAll(rest);
        return new Phase(from + joins, conditions, all);
    }

    /** A later term: rank first, so that what is absent comes last, then the value. */
    private void add(SortOrder order) {
        Field field = order.field();
        if (field.kind() == Field.Kind.ATTRIBUTE) {
            String column = "r." + source.column(field);
            boolean number = type(field) == Long.class;
            if (source.nullable().contains(source.column(field))) {
                rest.add(new Column("CASE WHEN " + column + " IS NULL THEN 1 ELSE 0 END", Long.class, true));
                column = "coalesce(" + column + (number ? ", 0)" : ", '')");
            }
            rest.add(new Column(column, number ? Long.class : String.class, order.ascending()));
            return;
        }
        boolean metric = field.kind() == Field.Kind.METRIC;
        String alias = "j" + rest.size();
        SearchSource.Side side = source.side(field);
        String owner = alias + "." + side.owner();
        joins.append(" LEFT JOIN ")
                .append(side.table())
                .append(' ')
                .append(alias)
                .append(" ON ")
                .append(owner)
                .append(" = r.")
                .append(side.id())
                .append(" AND ")
                .append(alias)
                .append(".key = ")
                .append(bindings.add(field.key()))
                .append(metric ? one(alias, field) : "");
        rest.add(new Column(
                "CASE WHEN " + owner + " IS NULL THEN 2 ELSE " + (metric ? alias + ".is_nan" : "0") + " END",
                Long.class,
                true));
        rest.add(new Column(
                "coalesce(" + alias + (metric ? ".value, 0.0)" : ".value, '')"),
                metric ? Double.class : String.class,
                order.ascending()));
    }
}
