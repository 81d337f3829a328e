package io.modelward.store.catalog.sql;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;

/** Values on their way into a statement, each under a name of its own. */
final class Bindings {

    private final Map<String, Object> values = new LinkedHashMap<>();

    /** Keeps the value and answers what stands for it in the statement. */
    String add(Object value) {
        String name = "v" + values.size();
        values.put(name, value);
        return ":" + name;
    }

    /** A list in parentheses; of nothing, one that nothing is in. */
    String list(Collection<?> several) {
        return several.isEmpty()
                ? "(NULL)"
                : several.stream().map(this::add).collect(Collectors.joining(", ", "(", ")"));
    }

    Query bind(Query query) {
        values.forEach((name, value) -> {
            switch (value) {
                case Long number -> query.bind(name, number.longValue());
                case Double number -> query.bind(name, number.doubleValue());
                default -> query.bind(name, value.toString());
            }
        });
        return query;
    }
}
