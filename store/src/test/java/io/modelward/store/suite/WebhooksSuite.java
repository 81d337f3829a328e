package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.webhook.Delivery;
import io.modelward.core.webhook.DeliveryStanding;
import io.modelward.core.webhook.DeliveryState;
import io.modelward.core.webhook.Event;
import io.modelward.core.webhook.Webhook;
import io.modelward.core.webhook.WebhookUrl;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog does with webhooks and their deliveries. */
public abstract class WebhooksSuite {

    private static final Instant AT = Instant.ofEpochSecond(1_800_000_000L, 123_456_000);
    private static final Event CREATED = Event.MODEL_VERSION_CREATED;
    private static final Event TAGGED = Event.MODEL_VERSION_TAG_SET;
    private static final long MOST = 5;

    /** Opens the catalog in the same place each time. */
    protected abstract Catalog open();

    private Catalog catalog;

    @BeforeEach
    void start() {
        catalog = open();
    }

    @AfterEach
    void stop() {
        catalog.close();
    }

    private void write(Consumer<CatalogTransaction> unit) {
        catalog.write(tx -> {
            unit.accept(tx);
            return true;
        });
    }

    private <T> T read(Function<CatalogTransaction, T> unit) {
        return catalog.read(unit);
    }

    private Optional<Webhook> find(String id) {
        return read(tx -> tx.webhooks().find(id));
    }

    private long count() {
        return read(tx -> tx.webhooks().count());
    }

    private List<String> ids(long before, int limit) {
        return read(tx ->
                tx.webhooks().list(before, limit).stream().map(Webhook::id).toList());
    }

    private DeliveryStanding standing(String webhook) {
        return read(tx -> tx.deliveries().standing(webhook));
    }

    private int forget(Instant before, int limit) {
        return catalog.write(tx -> tx.deliveries().forget(before, limit));
    }

    private static Webhook webhook(String id, long number, boolean active, Event... events) {
        return new Webhook(
                id,
                number,
                "n" + number,
                "",
                WebhookUrl.parse("https://x.example/"),
                List.of(events),
                active,
                Optional.of("sealed"),
                AT,
                AT);
    }

    private void keep(String id, long number, boolean active, Event... events) {
        write(tx -> tx.webhooks().insert(webhook(id, number, active, events)));
    }

    private void add(String webhook, String body, Instant at) {
        write(tx -> tx.deliveries().add(webhook, CREATED, body, at, MOST));
    }

    private List<String> due(Instant now) {
        return read(tx -> tx.deliveries().due(now, 10).stream()
                .map(row -> row.webhook() + row.sequence() + row.body())
                .toList());
    }

    private Delivery head(Instant now) {
        return read(tx -> tx.deliveries().due(now, 1).getFirst());
    }

    private static Delivery ended(Delivery delivery, DeliveryState state, Instant at) {
        return delivery.tried(state, at, at.plusSeconds(60), 500, "it said 500");
    }

    private void end(DeliveryState state, Instant at) {
        Delivery row = head(at);
        write(tx -> tx.deliveries().update(ended(row, state, at)));
    }

    @Test
    void a_webhook_is_kept_changed_and_forgotten_with_its_deliveries() {
        keep("a", 1, true, TAGGED, CREATED);
        assertThat(find("a")).contains(webhook("a", 1, true, TAGGED, CREATED));
        add("a", "{}", AT);
        Webhook changed = new Webhook(
                "a",
                1,
                "other",
                "d",
                WebhookUrl.parse("http://y.example/"),
                List.of(CREATED),
                false,
                Optional.empty(),
                AT,
                AT.plusSeconds(1));
        write(tx -> tx.webhooks().update(changed));
        assertThat(find("a")).contains(changed);
        write(tx -> tx.webhooks().delete("a"));
        assertThat(find("a")).isEmpty();
        assertThat(count()).isZero();
        keep("a", 1, true, CREATED);
        assertThat(due(AT)).isEmpty();
    }

    @Test
    void pages_go_from_the_newest_to_the_oldest() {
        for (int i = 1; i <= 5; i++) {
            keep("w" + i, i, true, CREATED);
        }
        long next = read(tx -> tx.webhooks().nextNumber());
        assertThat(next).isEqualTo(6);
        assertThat(ids(Long.MAX_VALUE, 2)).containsExactly("w5", "w4");
        assertThat(ids(2, 2)).containsExactly("w1");
    }

    @Test
    void an_event_is_wanted_by_the_active_webhooks_that_name_it() {
        keep("a", 1, true, CREATED, TAGGED);
        keep("b", 2, false, CREATED);
        keep("c", 3, true, CREATED);
        keep("d", 4, true, TAGGED);
        List<String> wanting = read(tx -> tx.webhooks().wanting(CREATED));
        assertThat(wanting).containsExactly("a", "c");
    }

    @Test
    void of_each_active_webhook_the_oldest_delivery_that_waits_is_due() {
        keep("a", 1, true, CREATED);
        keep("b", 2, true, CREATED);
        keep("off", 3, false, CREATED);
        add("a", "-one", AT.plusSeconds(1));
        add("a", "-two", AT.plusSeconds(2));
        add("b", "-one", AT);
        add("off", "-one", AT);
        assertThat(due(AT)).containsExactly("b1-one");
        assertThat(due(AT.plusSeconds(5))).containsExactly("b1-one", "a1-one");
        end(DeliveryState.DELIVERED, AT.plusSeconds(5));
        assertThat(due(AT.plusSeconds(5))).containsExactly("a1-one");
        end(DeliveryState.WAITING, AT.plusSeconds(5));
        assertThat(due(AT.plusSeconds(6)))
                .as("the second waits behind the first")
                .isEmpty();
        assertThat(due(AT.plusSeconds(65))).containsExactly("a1-one");
        end(DeliveryState.GIVEN_UP, AT.plusSeconds(65));
        assertThat(due(AT.plusSeconds(65))).containsExactly("a2-two");
    }

    @Test
    void what_became_of_a_delivery_is_kept_without_its_body() {
        keep("a", 1, true, CREATED);
        add("a", "{}", AT);
        assertThat(standing("a")).isEqualTo(new DeliveryStanding(1, 0, Optional.empty()));
        end(DeliveryState.GIVEN_UP, AT.plusSeconds(5));
        DeliveryStanding standing = standing("a");
        assertThat(standing.waiting()).isZero();
        assertThat(standing.last())
                .contains(new Delivery(
                        "a",
                        1,
                        CREATED,
                        "",
                        AT,
                        DeliveryState.GIVEN_UP,
                        1,
                        AT.plusSeconds(65),
                        Optional.of(AT.plusSeconds(5)),
                        500,
                        "it said 500"));
    }

    @Test
    void when_too_many_wait_the_newest_are_counted_and_not_kept() {
        keep("a", 1, true, CREATED);
        for (int i = 0; i < MOST + 3; i++) {
            add("a", "", AT);
        }
        DeliveryStanding standing = standing("a");
        assertThat(standing).isEqualTo(new DeliveryStanding(MOST, 3, Optional.empty()));
        end(DeliveryState.DELIVERED, AT);
        add("a", "", AT);
        assertThat(standing("a").waiting()).isEqualTo(MOST);
    }

    @Test
    void a_delivery_is_due_by_its_number_while_it_waits_and_its_time_has_come() {
        keep("a", 1, true, CREATED);
        add("a", "", AT);
        Instant later = AT.plusSeconds(65);
        assertThat(dueByNumber(AT.minusSeconds(1))).isFalse();
        assertThat(dueByNumber(AT)).isTrue();
        end(DeliveryState.WAITING, AT);
        assertThat(dueByNumber(AT.plusSeconds(5))).isFalse();
        assertThat(dueByNumber(later)).isTrue();
        end(DeliveryState.DELIVERED, later);
        assertThat(dueByNumber(later)).isFalse();
    }

    private boolean dueByNumber(Instant now) {
        return read(tx -> tx.deliveries().due("a", 1, now)).isPresent();
    }

    @Test
    void what_waits_can_be_hastened() {
        keep("a", 1, true, CREATED);
        add("a", "", AT);
        end(DeliveryState.WAITING, AT);
        assertThat(due(AT.plusSeconds(1))).isEmpty();
        write(tx -> tx.deliveries().hasten("a", AT.plusSeconds(1)));
        assertThat(due(AT.plusSeconds(1))).containsExactly("a1");
    }

    @Test
    void old_deliveries_that_ended_are_forgotten_and_their_numbers_not_given_again() {
        keep("a", 1, true, CREATED);
        for (int i = 0; i < 3; i++) {
            add("a", "", AT);
        }
        end(DeliveryState.DELIVERED, AT);
        end(DeliveryState.GIVEN_UP, AT.plusSeconds(10));
        assertThat(forget(AT.plusSeconds(5), 10)).isEqualTo(1);
        assertThat(forget(AT.plusSeconds(50), 1)).isEqualTo(1);
        assertThat(due(AT.plusSeconds(50))).containsExactly("a3");
        end(DeliveryState.DELIVERED, AT.plusSeconds(50));
        assertThat(forget(AT.plusSeconds(99), 9)).isEqualTo(1);
        add("a", "", AT);
        assertThat(due(AT)).containsExactly("a4");
    }

    @Test
    void a_delivery_of_a_change_that_is_undone_was_never_there() {
        keep("a", 1, true, CREATED);
        assertThatThrownBy(() -> write(tx -> {
                    tx.deliveries().add("a", CREATED, "", AT, MOST);
                    throw new IllegalStateException("undone");
                }))
                .hasMessage("undone");
        assertThat(due(AT)).isEmpty();
        add("a", "", AT);
        catalog.close();
        catalog = open();
        assertThat(due(AT)).containsExactly("a1");
    }
}
