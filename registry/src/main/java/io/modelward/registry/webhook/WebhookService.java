package io.modelward.registry.webhook;

import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.problem.Quoted;
import io.modelward.registry.Actor;
import io.modelward.registry.Page;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.Deliveries;
import io.modelward.store.catalog.Webhooks;
import io.modelward.store.data.SecretBox;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes, changes, tries and forgets webhooks. A secret goes in and never comes out. */
public final class WebhookService {

    private static final int MOST = 1000;

    private final Catalog catalog;
    private final WebhookSender sender;
    private final SecretBox secrets;
    private final Posting posting;
    private final InstantSource clock;
    private final RandomGenerator random;

    public WebhookService(
            Catalog catalog, WebhookSender sender, SecretBox secrets, InstantSource clock, RandomGenerator random) {
        this.catalog = catalog;
        this.sender = sender;
        this.secrets = secrets;
        this.posting = new Posting(sender, secrets);
        this.clock = clock;
        this.random = random;
    }

    /** A webhook and how its deliveries stand. */
    public record View(Webhooks.Row row, Deliveries.Standing standing) {}

    /**
     * What is asked for.
     *
     * @param secret empty text: none from now on; absent: as it is
     */
    public record Wish(
            Optional<String> name,
            Optional<String> description,
            Optional<String> url,
            List<Event> events,
            Optional<String> secret,
            Optional<Boolean> active) {}

    /**
     * Makes a webhook.
     *
     * @throws ProblemException INVALID when a part of it cannot be, or its host is private; REFUSED when there are too many
     */
    public View create(Wish wish, Actor actor) {
        Change change = actor.change(clock.instant(), "");
        String id = new UUID(random.nextLong(), random.nextLong()).toString();
        Webhooks.Row empty =
                new Webhooks.Row(id, 0, "", "", "", List.of(), true, Optional.empty(), change.at(), change.at());
        Webhooks.Row wished = apply(empty, wish, change.at());
        WebhookRule.check(wished);
        reachable(wished);
        return catalog.write(tx -> {
            if (tx.webhooks().count() >= MOST) {
                throw Problem.of(
                                ProblemType.REFUSED,
                                "There are " + MOST + " webhooks already. Delete one that nobody needs.")
                        .exception();
            }
            Webhooks.Row row = numbered(wished, tx.webhooks().nextNumber());
            tx.webhooks().insert(row);
            audit(tx, change, "webhook.create", row);
            return view(tx, row);
        });
    }

    public View get(String id) {
        return catalog.read(tx -> view(tx, require(tx, id)));
    }

    /** Newest first. */
    public Page<View> list(Optional<String> token, int size) {
        long before = token.map(PageNumber::read).orElse(Long.MAX_VALUE);
        return catalog.read(tx -> Page.of(
                tx.webhooks().list(before, size + 1).stream()
                        .map(row -> view(tx, row))
                        .toList(),
                size,
                last -> PageNumber.write(last.row().number())));
    }

    /** Changes what is wished and leaves the rest. What waits is tried again at once: the change may be what it waited for. */
    public View update(String id, Wish wish, Actor actor) {
        Change change = actor.change(clock.instant(), "");
        Webhooks.Row before = catalog.read(tx -> require(tx, id));
        Webhooks.Row checked = apply(before, wish, change.at());
        WebhookRule.check(checked);
        if (wish.url().isPresent()) {
            reachable(checked);
        }
        return catalog.write(tx -> {
            Webhooks.Row row = apply(require(tx, id), wish, change.at());
            tx.webhooks().update(row);
            tx.deliveries().hasten(id, change.at());
            audit(tx, change, "webhook.update", row);
            return view(tx, row);
        });
    }

    /** Forgets the webhook and what is to be sent to it. */
    public void delete(String id, Actor actor) {
        Change change = actor.change(clock.instant(), "");
        catalog.write(tx -> {
            Webhooks.Row row = require(tx, id);
            tx.webhooks().delete(id);
            audit(tx, change, "webhook.delete", row);
            return true;
        });
    }

    /** Sends an example now, once, past the outbox; of the first event that the webhook wants when none is named. */
    public Outcome test(String id, Optional<Event> wanted) {
        Webhooks.Row row = catalog.read(tx -> require(tx, id));
        Event event = wanted.orElseGet(() -> Event.of(row.events().getFirst()));
        Instant now = clock.instant();
        String delivery = new UUID(random.nextLong(), random.nextLong()).toString();
        return posting.post(row, delivery, Outbox.body(event, now, event.example()), now);
    }

    /** By which receivers know a delivery, at each try. */
    public static String deliveryId(Deliveries.Row row) {
        return Posting.id(row.webhook(), row.sequence());
    }

    private void reachable(Webhooks.Row row) {
        try {
            sender.check(WebhookUrl.parse(row.url()));
        } catch (Destinations.Refused refused) {
            throw ProblemException.invalid(
                    "url",
                    refused.why()
                            + " Webhooks go to public addresses, unless an operator sets webhooks.allow-private.");
        }
    }

    private Webhooks.Row apply(Webhooks.Row row, Wish wish, Instant at) {
        wish.secret().ifPresent(WebhookRule::secret);
        return new Webhooks.Row(
                row.id(),
                row.number(),
                wish.name().orElse(row.name()),
                wish.description().orElse(row.description()),
                wish.url().orElse(row.url()),
                wish.events().isEmpty()
                        ? row.events()
                        : wish.events().stream().distinct().map(Event::label).toList(),
                wish.active().orElse(row.active()),
                wish.secret().isEmpty()
                        ? row.secret()
                        : wish.secret().filter(text -> !text.isEmpty()).map(text -> secrets.seal(row.id(), text)),
                row.createdAt(),
                at);
    }

    private static Webhooks.Row numbered(Webhooks.Row row, long number) {
        return new Webhooks.Row(
                row.id(),
                number,
                row.name(),
                row.description(),
                row.url(),
                row.events(),
                row.active(),
                row.secret(),
                row.createdAt(),
                row.updatedAt());
    }

    private static Webhooks.Row require(CatalogTransaction tx, String id) {
        return tx.webhooks()
                .find(id)
                .orElseThrow(() -> ProblemException.notFound("Webhook with ID " + Quoted.plain(id) + " not found."));
    }

    private static View view(CatalogTransaction tx, Webhooks.Row row) {
        return new View(row, tx.deliveries().standing(row.id()));
    }

    private static void audit(CatalogTransaction tx, Change change, String action, Webhooks.Row row) {
        var detail = Json.object()
                .put("name", row.name())
                .put("url", WebhookUrl.parse(row.url()).place())
                .put("active", row.active())
                .put("signed", row.secret().isPresent());
        row.events().forEach(detail.putArray("events")::add);
        tx.audit().append(change, action, "webhook:" + row.id(), detail);
    }
}
