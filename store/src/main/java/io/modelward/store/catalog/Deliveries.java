package io.modelward.store.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is to be sent to webhooks, written in the transaction of the change that it tells of. Of one webhook the oldest delivery that waits is tried, and those after
 * it only when it has ended.
 */
public interface Deliveries {

    enum State {
        WAITING,
        DELIVERED,
        GIVEN_UP
    }

    /**
     * A delivery.
     *
     * @param sequence 1, 2, 3 … of each webhook
     * @param body JSON; empty when the delivery has ended
     * @param tries how often it was tried
     * @param triedAt when last
     * @param status of the last answer; 0: there was none
     * @param error what was wrong last; empty: nothing
     */
    record Row(
            String webhook,
            long sequence,
            String event,
            String body,
            Instant createdAt,
            State state,
            int tries,
            Instant nextTry,
            Optional<Instant> triedAt,
            int status,
            String error) {}

    /**
     * How deliveries of a webhook stand.
     *
     * @param waiting how many are to be sent
     * @param dropped how many events were not taken in, since too many waited
     * @param last the one that was tried last
     */
    record Standing(long waiting, long dropped, Optional<Row> last) {}

    /** Adds a delivery to be tried at once; when {@code most} wait already it is only counted as dropped. */
    void add(String webhook, String event, String body, Instant at, long most);

    /** Of each active webhook the oldest delivery that waits, if it is to be tried by now; longest due first, at most {@code limit}. */
    List<Row> due(Instant now, int limit);

    /** The delivery, if it waits to be tried by now. */
    Optional<Row> due(String webhook, long sequence, Instant now);

    /** Keeps state, tries, times, status and error. */
    void update(Row row);

    /** Has what waits of a webhook tried by {@code at}. */
    void hasten(String webhook, Instant at);

    Standing standing(String webhook);

    /** Forgets deliveries that ended before a time, at most {@code limit}; answers how many. */
    int forget(Instant before, int limit);
}
