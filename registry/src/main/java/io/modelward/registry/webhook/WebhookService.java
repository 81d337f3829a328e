package io.modelward.registry.webhook;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.problem.Quoted;
import io.modelward.core.search.Cursor;
import io.modelward.core.search.PageToken;
import io.modelward.core.webhook.DeliveryStanding;
import io.modelward.core.webhook.Event;
import io.modelward.core.webhook.Webhook;
import io.modelward.core.webhook.WebhookUrl;
import io.modelward.registry.Actor;
import io.modelward.registry.Page;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
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
    /** What a page token of the list is bound to. */
    private static final List<String> LIST = List.of("webhooks");

    private final Access access;
    private final Catalog catalog;
    private final WebhookSender sender;
    private final SecretBox secrets;
    private final Posting posting;
    private final InstantSource clock;
    private final RandomGenerator random;

    public WebhookService(
            Access access,
            Catalog catalog,
            WebhookSender sender,
            SecretBox secrets,
            InstantSource clock,
            RandomGenerator random) {
        this.access = access;
        this.catalog = catalog;
        this.sender = sender;
        this.secrets = secrets;
        this.posting = new Posting(sender, secrets);
        this.clock = clock;
        this.random = random;
    }

    /** A webhook and how its deliveries stand. */
    public record View(Webhook webhook, DeliveryStanding standing) {}

    /**
     * The members of a webhook that a caller asks for.
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
     * @throws ProblemException INVALID when a part of it cannot be, or its host is private; REFUSED when there are too
     *     many
     */
    public View create(Wish wish, Actor actor) {
        access.require(Action.ADMINISTER, Resource.WEBHOOKS);
        Change change = actor.change(clock.instant(), "");
        String id = new UUID(random.nextLong(), random.nextLong()).toString();
        Webhook wished = apply(id, Optional.empty(), wish, change.at());
        reachable(wished);
        return catalog.write(tx -> {
            if (tx.webhooks().count() >= MOST) {
                throw Problem.of(
                                ProblemType.REFUSED,
                                "There are " + MOST + " webhooks already. Delete one that nobody needs.")
                        .exception();
            }
            Webhook webhook = wished.withNumber(tx.webhooks().nextNumber());
            tx.webhooks().insert(webhook);
            audit(tx, change, "webhook.create", webhook);
            return view(tx, webhook);
        });
    }

    public View get(String id) {
        access.require(Action.ADMINISTER, Resource.WEBHOOKS);
        return catalog.read(tx -> view(tx, require(tx, id)));
    }

    /** Newest first. */
    public Page<View> list(Optional<String> token, int size) {
        access.require(Action.ADMINISTER, Resource.WEBHOOKS);
        long before = token.map(WebhookService::number).orElse(Long.MAX_VALUE);
        return catalog.read(tx -> Page.of(
                tx.webhooks().list(before, size + 1).stream()
                        .map(webhook -> view(tx, webhook))
                        .toList(),
                size,
                last -> PageToken.write(new Cursor(0, List.of(last.webhook().number())), LIST)));
    }

    private static long number(String token) {
        List<Object> values = PageToken.read(token, LIST).values();
        if (values.size() == 1 && values.getFirst() instanceof Long number) {
            return number;
        }
        throw PageToken.malformed();
    }

    /**
     * Changes the members that the wish names and leaves the others. Deliveries that wait are tried again at once: the
     * change may have mended their cause.
     */
    public View update(String id, Wish wish, Actor actor) {
        access.require(Action.ADMINISTER, Resource.WEBHOOKS);
        Change change = actor.change(clock.instant(), "");
        Webhook before = catalog.read(tx -> require(tx, id));
        Webhook checked = apply(id, Optional.of(before), wish, change.at());
        if (wish.url().isPresent()) {
            reachable(checked);
        }
        return catalog.write(tx -> {
            Webhook webhook = apply(id, Optional.of(require(tx, id)), wish, change.at());
            tx.webhooks().update(webhook);
            tx.deliveries().hasten(id, change.at());
            audit(tx, change, "webhook.update", webhook);
            return view(tx, webhook);
        });
    }

    /** Forgets the webhook and what is to be sent to it. */
    public void delete(String id, Actor actor) {
        access.require(Action.ADMINISTER, Resource.WEBHOOKS);
        Change change = actor.change(clock.instant(), "");
        catalog.write(tx -> {
            Webhook webhook = require(tx, id);
            tx.webhooks().delete(id);
            audit(tx, change, "webhook.delete", webhook);
            return true;
        });
    }

    /** Sends an example now, once, past the outbox; of the first event that the webhook wants when none is named. */
    public Outcome test(String id, Optional<Event> wanted) {
        access.require(Action.ADMINISTER, Resource.WEBHOOKS);
        Webhook webhook = catalog.read(tx -> require(tx, id));
        Event event = wanted.orElseGet(webhook.events()::getFirst);
        Instant now = clock.instant();
        String delivery = new UUID(random.nextLong(), random.nextLong()).toString();
        return posting.post(webhook, delivery, Outbox.body(event, now, ExampleData.of(event)), now);
    }

    private void reachable(Webhook webhook) {
        try {
            sender.check(webhook.url());
        } catch (Destinations.Refused refused) {
            throw ProblemException.invalid(
                    "url",
                    refused.why()
                            + " Webhooks go to public addresses, unless an operator sets webhooks.allow-private.");
        }
    }

    /** The webhook with the wished members in the place of those before, each checked. */
    private Webhook apply(String id, Optional<Webhook> before, Wish wish, Instant at) {
        wish.secret().ifPresent(WebhookRule::secret);
        String name = wish.name().or(() -> before.map(Webhook::name)).orElse("");
        String description =
                wish.description().or(() -> before.map(Webhook::description)).orElse("");
        WebhookRule.check(name, description);
        WebhookUrl url = before.isPresent() && wish.url().isEmpty()
                ? before.get().url()
                : WebhookUrl.parse(wish.url().orElse(""));
        List<Event> events = before.isPresent() && wish.events().isEmpty()
                ? before.get().events()
                : wish.events().stream().distinct().toList();
        WebhookRule.check(events);
        Optional<String> secret = wish.secret().isEmpty()
                ? before.flatMap(Webhook::secret)
                : wish.secret().filter(text -> !text.isEmpty()).map(text -> secrets.seal(id, text));
        return new Webhook(
                id,
                before.map(Webhook::number).orElse(0L),
                name,
                description,
                url,
                events,
                wish.active().or(() -> before.map(Webhook::active)).orElse(true),
                secret,
                before.map(Webhook::createdAt).orElse(at),
                at);
    }

    private static Webhook require(CatalogTransaction tx, String id) {
        return tx.webhooks()
                .find(id)
                .orElseThrow(() -> ProblemException.notFound("Webhook with ID " + Quoted.plain(id) + " not found."));
    }

    private static View view(CatalogTransaction tx, Webhook webhook) {
        return new View(webhook, tx.deliveries().standing(webhook.id()));
    }

    private static void audit(CatalogTransaction tx, Change change, String action, Webhook webhook) {
        var detail = Json.object()
                .put("name", webhook.name())
                .put("url", webhook.url().place())
                .put("active", webhook.active())
                .put("signed", webhook.secret().isPresent());
        webhook.events().stream().map(Event::label).forEach(detail.putArray("events")::add);
        tx.audit().append(change, action, "webhook:" + webhook.id(), detail);
    }
}
