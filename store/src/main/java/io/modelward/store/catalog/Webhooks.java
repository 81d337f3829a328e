package io.modelward.store.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Who wants to be told of what happens. */
public interface Webhooks {

    /**
     * A webhook.
     *
     * @param number of the webhook in the order they were made
     * @param events such as {@code model_version.created}
     * @param active whether events are sent to it
     * @param secret what deliveries are signed with, sealed
     */
    record Row(
            String id,
            long number,
            String name,
            String description,
            String url,
            List<String> events,
            boolean active,
            Optional<String> secret,
            Instant createdAt,
            Instant updatedAt) {}

    /** The number that the next webhook gets. */
    long nextNumber();

    void insert(Row row);

    /** Keeps all but identity, number and time of making. */
    void update(Row row);

    /** Forgets the webhook and its deliveries. */
    void delete(String id);

    Optional<Row> find(String id);

    long count();

    /** Webhooks with a number below {@code before}, newest first, at most {@code limit}. */
    List<Row> list(long before, int limit);

    /** The ids of the active ones that want an event, oldest first. */
    List<String> wanting(String event);
}
