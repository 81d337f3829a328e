package io.modelward.server.mlflow;

import io.modelward.core.search.Search;
import io.modelward.core.tracking.Dataset;
import io.modelward.core.tracking.DatasetInput;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.registry.tracking.Query;
import io.modelward.registry.tracking.RunLog.ModelPoint;
import java.util.List;
import java.util.Optional;

/** Parts of messages as the services take them. */
final class MessageReaders {

    private static final int MOST_FOUND = 50_000;
    private static final int USUALLY_FOUND = 1000;
    private static final List<String> VIEWS = List.of("ACTIVE_ONLY", "DELETED_ONLY", "ALL");

    private MessageReaders() {}

    static List<KeyValue> entries(Message message, String name) {
        return message.messages(name).stream().map(MessageReaders::entry).toList();
    }

    static KeyValue entry(Message message) {
        return new KeyValue(message.named("key"), message.required("value"));
    }

    static MetricPoint point(Message message) {
        return new MetricPoint(
                message.named("key"),
                message.requiredNumber("value"),
                message.requiredWhole("timestamp"),
                message.whole("step").orElse(0));
    }

    /** Those of the metrics that say which model they were measured on. */
    static List<ModelPoint> measured(List<Message> metrics) {
        return metrics.stream()
                .filter(metric ->
                        metric.string("model_id").filter(id -> !id.isEmpty()).isPresent())
                .map(metric -> new ModelPoint(
                        metric.named("model_id"),
                        point(metric),
                        metric.string("dataset_name").orElse(""),
                        metric.string("dataset_digest").orElse("")))
                .toList();
    }

    static DatasetInput dataset(Message message) {
        Message dataset = message.message("dataset");
        return new DatasetInput(
                new Dataset(
                        dataset.named("name"),
                        dataset.named("digest"),
                        dataset.required("source_type"),
                        dataset.required("source"),
                        dataset.string("schema"),
                        dataset.string("profile")),
                entries(message, "tags"));
    }

    static Query query(Message message, String view, List<String> experiments) {
        return new Query(
                experiments,
                message.string("filter").orElse(""),
                message.strings("order_by"),
                message.choice(view, VIEWS).map(Search.View::valueOf).orElse(Search.View.ACTIVE_ONLY),
                token(message),
                message.size("max_results", USUALLY_FOUND, MOST_FOUND));
    }

    /** A search of models or versions. */
    static Query query(Message message, int usual, int most) {
        return new Query(
                List.of(),
                message.string("filter").orElse(""),
                message.strings("order_by"),
                Search.View.ACTIVE_ONLY,
                token(message),
                message.size("max_results", usual, most));
    }

    static Optional<String> token(Message message) {
        return message.string("page_token").filter(token -> !token.isEmpty());
    }
}
