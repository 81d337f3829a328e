package io.modelward.store.catalog.sql;

import io.modelward.core.search.DatasetScope;
import java.util.List;
import java.util.stream.Collectors;

/** Conditions on the metrics of logged models, of which one key may have many: per run and dataset. */
final class Measured {

    private Measured() {}

    /** Only what was measured on one of the datasets, as {@code AND …}; of none: anything. */
    static String on(String alias, List<DatasetScope> datasets, Bindings bindings) {
        if (datasets.isEmpty()) {
            return "";
        }
        return datasets.stream()
                .map(dataset -> alias + ".dataset_name = " + bindings.add(dataset.name())
                        + dataset.digest()
                                .map(digest -> " AND " + alias + ".dataset_digest = " + bindings.add(digest))
                                .orElse(""))
                .collect(Collectors.joining(") OR (", " AND ((", "))"));
    }

    /** Only the newest of a model's measures, as {@code AND …}, so that it stands in an order once. */
    static String newest(String alias, List<DatasetScope> datasets, Bindings bindings) {
        return " AND NOT EXISTS (SELECT 1 FROM logged_model_metrics newer WHERE newer.model = " + alias
                + ".model AND newer.key = " + alias + ".key" + on("newer", datasets, bindings) + " AND "
                + age("newer") + " > " + age(alias) + ")";
    }

    private static String age(String alias) {
        return List.of("timestamp", "step", "value", "run", "dataset_name", "dataset_digest").stream()
                .map(column -> alias + "." + column)
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
