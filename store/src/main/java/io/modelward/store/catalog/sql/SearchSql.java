package io.modelward.store.catalog.sql;

import io.modelward.core.search.Clause;
import io.modelward.core.search.Cursor;
import io.modelward.core.search.Found;
import io.modelward.core.search.PageToken;
import io.modelward.core.search.Search;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Runs a search, phase by phase of its order, until a page is full. */
record SearchSql(Handle handle, Dialect dialect, SearchSource source) {

    private record Hit<T>(T item, Cursor cursor) {}

    <T> Found<T> run(Search search, List<String> conditions, Bindings bindings, RowMapper<T> mapper) {
        FilterSql filter = new FilterSql(handle, dialect, source, bindings);
        List<String> all = new ArrayList<>(conditions);
        all.addAll(source.reach().conditions(search.reach(), bindings));
        if (search.view() != Search.View.ALL) {
            all.add("r.active = " + (search.view() == Search.View.ACTIVE_ONLY ? 1 : 0));
        }
        for (Clause clause : search.filter()) {
            all.add(filter.condition(clause));
        }
        List<OrderSql.Phase> phases = OrderSql.phases(source, search.order(), bindings);
        int number = search.after().map(Cursor::phase).orElse(0);
        if (number < 0 || number >= phases.size()) {
            throw PageToken.malformed();
        }
        List<Hit<T>> hits = new ArrayList<>();
        for (int begun = number; number < phases.size() && hits.size() <= search.limit(); number++) {
            List<Object> after =
                    number == begun ? search.after().map(Cursor::values).orElse(List.of()) : List.of();
            hits.addAll(
                    phase(phases.get(number), number, all, after, search.limit() + 1 - hits.size(), bindings, mapper));
        }
        boolean more = hits.size() > search.limit();
        List<Hit<T>> page = more ? hits.subList(0, search.limit()) : hits;
        return new Found<>(
                page.stream().map(Hit::item).toList(),
                page.stream().map(Hit::cursor).toList(),
                more);
    }

    private <T> List<Hit<T>> phase(
            OrderSql.Phase phase,
            int number,
            List<String> conditions,
            List<Object> after,
            int limit,
            Bindings bindings,
            RowMapper<T> mapper) {
        List<String> all = new ArrayList<>(phase.conditions());
        all.addAll(conditions);
        if (!after.isEmpty()) {
            all.add(after(phase.columns(), after, bindings));
        }
        StringBuilder sql = new StringBuilder("SELECT r.*");
        StringBuilder order = new StringBuilder();
        for (int i = 0; i < phase.columns().size(); i++) {
            OrderSql.Column column = phase.columns().get(i);
            sql.append(", ").append(column.expression()).append(" AS sorted").append(i);
            order.append(i == 0 ? " ORDER BY " : ", ")
                    .append(column.expression())
                    .append(column.ascending() ? "" : " DESC");
        }
        sql.append(" FROM ").append(phase.from());
        if (!all.isEmpty()) {
            sql.append(" WHERE ").append(String.join(" AND ", all));
        }
        sql.append(order).append(" LIMIT ").append(limit);
        return bindings.bind(handle.createQuery(sql))
                .map((row, context) -> new Hit<>(mapper.map(row, context), cursor(row, number, phase.columns())))
                .list();
    }

    private static Cursor cursor(ResultSet row, int number, List<OrderSql.Column> columns) throws SQLException {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            String name = "sorted" + i;
            Class<?> type = columns.get(i).type();
            values.add(
                    type == Long.class
                            ? row.getLong(name)
                            : type == Double.class ? row.getDouble(name) : row.getString(name));
        }
        return new Cursor(number, values);
    }

    /** Rows after the given one: the first column is beyond, or it is equal and the next is beyond, and so on. */
    private static String after(List<OrderSql.Column> columns, List<Object> values, Bindings bindings) {
        if (values.size() != columns.size()) {
            throw PageToken.malformed();
        }
        StringBuilder condition = new StringBuilder();
        StringBuilder close = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            OrderSql.Column column = columns.get(i);
            if (!column.type().isInstance(values.get(i))) {
                throw PageToken.malformed();
            }
            String value = bindings.add(values.get(i));
            String beyond = column.expression() + (column.ascending() ? " > " : " < ") + value;
            if (i == 0) {
                // Said apart, so that the walk through the index begins there.
                condition
                        .append(column.expression())
                        .append(column.ascending() ? " >= " : " <= ")
                        .append(value)
                        .append(" AND ");
            }
            boolean last = i == columns.size() - 1;
            condition.append('(').append(beyond);
            if (!last) {
                condition
                        .append(" OR (")
                        .append(column.expression())
                        .append(" = ")
                        .append(value)
                        .append(" AND ");
                close.append(")");
            }
            close.append(")");
        }
        return condition.append(close).toString();
    }
}
