package io.modelward.registry.channel;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.notification.ChannelKind;
import io.modelward.core.notification.ChannelStanding;
import io.modelward.core.notification.MessageContent;
import io.modelward.core.notification.MessageKind;
import io.modelward.core.notification.MessageText;
import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NotificationChannel;
import io.modelward.core.notification.NotificationDelivery;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.core.notification.NotificationMessage;
import io.modelward.core.notification.QuietHours;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.problem.Quoted;
import io.modelward.core.search.PageToken;
import io.modelward.core.webhook.DeliveryState;
import io.modelward.core.webhook.WebhookUrl;
import io.modelward.registry.Actor;
import io.modelward.registry.Page;
import io.modelward.registry.webhook.Destinations;
import io.modelward.registry.webhook.WebhookSender;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.data.SecretBox;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.ObjectNode;

/** Makes, changes, tries and forgets channels. What is secret of a channel goes in and never comes out. */
public final class ChannelService {

    private static final int MOST = 100;
    private static final int MOST_SHOWN = 5;

    private final Access access;
    private final Catalog catalog;
    private final WebhookSender webhooks;
    private final MailSender mails;
    private final SecretBox secrets;
    private final ChannelSender sender;
    private final String address;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** @param address of the server, as people reach it; empty when it is not known */
    public ChannelService(
            Access access,
            Catalog catalog,
            WebhookSender webhooks,
            MailSender mails,
            SecretBox secrets,
            String address,
            InstantSource clock,
            RandomGenerator random) {
        this.access = access;
        this.catalog = catalog;
        this.webhooks = webhooks;
        this.mails = mails;
        this.secrets = secrets;
        this.sender = new ChannelSender(webhooks, mails, secrets);
        this.address = address;
        this.clock = clock;
        this.random = random;
    }

    /** A channel and how its messages stand. */
    public record View(NotificationChannel channel, ChannelStanding standing) {}

    /**
     * Makes a channel. Asking again for the same channel answers with the one that is there.
     *
     * @throws ProblemException INVALID when a part of it cannot be, or its host is private; CONFLICT when another
     *     channel has the name; REFUSED when there are too many, or this server sends no mails
     */
    public View create(String name, ChannelWish wish, Actor actor) {
        access.require(Action.ADMINISTER, Resource.NOTIFICATIONS);
        Change change = actor.change(clock.instant(), "");
        ChannelRule.name(name);
        ChannelRule.Target target = ChannelRule.target(wish)
                .orElseThrow(
                        () -> ProblemException.invalid("webhook", "A channel has one of webhook, slack and email."));
        reachable(target);
        String id = new UUID(random.nextLong(), random.nextLong()).toString();
        NotificationChannel wished = apply(id, name, target, Optional.empty(), wish, change.at());
        return catalog.write(tx -> {
            Optional<NotificationChannel> there = tx.notificationChannels().named(name);
            if (there.filter(other -> same(other, wished)).isPresent()) {
                return view(tx, there.get());
            }
            if (there.isPresent()) {
                throw ProblemException.conflict("There is another channel of the name " + name
                        + ". Change or remove it, or choose another name.");
            }
            if (tx.notificationChannels().list().size() >= MOST) {
                throw Problem.of(
                                ProblemType.REFUSED,
                                "There are " + MOST + " channels already. Remove one that nobody needs.")
                        .exception();
            }
            tx.notificationChannels().insert(wished);
            audit(tx, change, "channel.create", wished);
            return view(tx, wished);
        });
    }

    /**
     * Puts what is wished in the place of what the channel was. The target stays when the wish names none, and the
     * secret when the wish has none.
     */
    public View replace(String name, ChannelWish wish, Actor actor) {
        access.require(Action.ADMINISTER, Resource.NOTIFICATIONS);
        Change change = actor.change(clock.instant(), "");
        NotificationChannel before = catalog.read(tx -> require(tx, name));
        Optional<ChannelRule.Target> target = ChannelRule.target(wish);
        if (target.filter(other -> other.kind() != before.kind()).isPresent()) {
            throw ProblemException.invalid(
                    target.get().field(),
                    "The channel " + name + " is of the kind " + before.kind().label()
                            + ", and stays so. Remove it and make another.");
        }
        target.ifPresent(this::reachable);
        NotificationChannel wished = apply(
                before.id(),
                name,
                target.orElse(new ChannelRule.Target(before.kind(), "")),
                Optional.of(before),
                wish,
                change.at());
        return catalog.write(tx -> {
            NotificationChannel now = require(tx, name);
            if (!now.equals(before)) {
                throw ProblemException.conflict("The channel " + name + " was changed meanwhile. Look at it again.");
            }
            tx.notificationChannels().update(wished);
            tx.notificationMessages().hasten(wished.id(), change.at());
            audit(tx, change, "channel.update", wished);
            return view(tx, wished);
        });
    }

    public View get(String name) {
        access.require(Action.ADMINISTER, Resource.NOTIFICATIONS);
        return catalog.read(tx -> view(tx, require(tx, name)));
    }

    /** By name. */
    public List<View> list() {
        access.require(Action.ADMINISTER, Resource.NOTIFICATIONS);
        return catalog.read(tx -> tx.notificationChannels().list().stream()
                .map(channel -> view(tx, channel))
                .toList());
    }

    /**
     * Forgets the channel and what is to be sent to it.
     *
     * @throws ProblemException of kind CONFLICT when jobs name it: nobody would be told of them, and nobody would know
     */
    public void delete(String name, Actor actor) {
        access.require(Action.ADMINISTER, Resource.NOTIFICATIONS);
        Change change = actor.change(clock.instant(), "");
        catalog.write(tx -> {
            NotificationChannel channel = require(tx, name);
            requireNoJob(tx, channel.name());
            tx.notificationChannels().delete(channel.id());
            audit(tx, change, "channel.delete", channel);
            return true;
        });
    }

    private static void requireNoJob(CatalogTransaction tx, String channel) {
        List<String> jobs = tx.jobs().list(Long.MAX_VALUE, Integer.MAX_VALUE).stream()
                .filter(job -> job.plan().channels().contains(channel))
                .map(job -> job.name().value())
                .sorted()
                .toList();
        if (!jobs.isEmpty()) {
            int shown = Math.min(MOST_SHOWN, jobs.size());
            throw ProblemException.conflict("The channel " + channel + " is told of "
                    + (jobs.size() == 1 ? "the job " : "the jobs ") + String.join(", ", jobs.subList(0, shown))
                    + (jobs.size() > shown ? " and " + (jobs.size() - shown) + " more" : "")
                    + ". Take the channel out of notify there first, or delete "
                    + (jobs.size() == 1 ? "the job." : "the jobs."));
        }
    }

    /** Notices for the channel and what became of them, newest first. */
    public Page<NotificationDelivery> deliveries(String name, Optional<String> token, int size) {
        access.require(Action.ADMINISTER, Resource.NOTIFICATIONS);
        long before = token.map(PageToken::number).orElse(Long.MAX_VALUE);
        return catalog.read(tx -> Page.of(
                tx.notificationMessages().deliveries(require(tx, name).id(), before, size + 1),
                size,
                last -> PageToken.ofKey(Long.toString(last.number()))));
    }

    /** Sends an example now, once, past the rules for quiet hours and numbers. */
    public Outcome test(String name) {
        access.require(Action.ADMINISTER, Resource.NOTIFICATIONS);
        NotificationChannel channel = catalog.read(tx -> require(tx, name));
        Instant now = clock.instant();
        String id = new UUID(random.nextLong(), random.nextLong()).toString();
        NotificationEvent event = channel.filter().events().isEmpty()
                ? NotificationEvent.ROLLOUT_HELD
                : channel.filter().events().getFirst();
        Notice notice = Notice.of(
                event,
                "test",
                "This is a test of the channel " + name,
                "Somebody asked for it. Nothing happened: a real message would say that " + event.words() + ".",
                now,
                "/ui/notifications");
        NotificationMessage message = new NotificationMessage(
                channel.id(),
                0,
                MessageKind.SINGLE,
                now,
                "",
                1,
                0,
                now,
                DeliveryState.WAITING,
                0,
                now,
                Optional.empty(),
                0,
                "");
        MessageText text = MessageText.of(message, name, Map.of(event, 1L), List.of(notice), address);
        return sender.send(channel, id, MessageContent.write(channel.kind(), id, name, text, now), now, now);
    }

    private void reachable(ChannelRule.Target target) {
        if (target.kind() == ChannelKind.EMAIL) {
            if (!mails.ready()) {
                throw ProblemException.refused(
                        "email", "This server sends no mails, since an operator has not set notifications.smtp.host.");
            }
            return;
        }
        try {
            webhooks.check(WebhookUrl.parse(target.text()));
        } catch (Destinations.Refused refused) {
            throw ProblemException.invalid(
                    target.field(),
                    refused.why()
                            + " Notifications go to public addresses, unless an operator sets"
                            + " webhooks.allow-private.");
        }
    }

    /** Sealing may write a file, so that this is called outside of any transaction. */
    private NotificationChannel apply(
            String id,
            String name,
            ChannelRule.Target target,
            Optional<NotificationChannel> before,
            ChannelWish wish,
            Instant at) {
        Optional<String> secret = ChannelRule.secret(wish, target.kind());
        boolean kept = target.text().isEmpty();
        return new NotificationChannel(
                id,
                name,
                target.kind(),
                kept
                        ? before.orElseThrow().target()
                        : target.kind() == ChannelKind.EMAIL ? target.text() : secrets.seal(id, target.text()),
                kept ? before.orElseThrow().shown() : target.shown(),
                secret.isEmpty()
                        ? before.flatMap(NotificationChannel::secret)
                        : secret.filter(text -> !text.isEmpty()).map(text -> secrets.seal(id, text)),
                ChannelRule.filter(wish),
                ChannelRule.quiet(wish),
                ChannelRule.repeat(wish),
                before.map(NotificationChannel::createdAt).orElse(at),
                at);
    }

    /** Whether the two are the same but for identity and times. */
    private boolean same(NotificationChannel one, NotificationChannel other) {
        return one.kind() == other.kind()
                && target(one).equals(target(other))
                && secret(one).equals(secret(other))
                && one.filter().equals(other.filter())
                && one.quiet().equals(other.quiet())
                && one.repeat().equals(other.repeat());
    }

    private Optional<String> target(NotificationChannel channel) {
        return channel.kind() == ChannelKind.EMAIL
                ? Optional.of(channel.target())
                : secrets.open(channel.id(), channel.target());
    }

    private Optional<String> secret(NotificationChannel channel) {
        return channel.secret().flatMap(text -> secrets.open(channel.id(), text));
    }

    private static NotificationChannel require(CatalogTransaction tx, String name) {
        return tx.notificationChannels()
                .named(name.indexOf(0) < 0 ? name : "")
                .orElseThrow(() -> ProblemException.missing(
                        "channel",
                        Quoted.plain(name),
                        "There is no notification channel " + Quoted.of(name)
                                + ". List the channels to see which there are."));
    }

    private static View view(CatalogTransaction tx, NotificationChannel channel) {
        return new View(channel, tx.notificationMessages().standing(channel.id()));
    }

    private static void audit(CatalogTransaction tx, Change change, String action, NotificationChannel channel) {
        ObjectNode detail = Json.object()
                .put("name", channel.name())
                .put("kind", channel.kind().label())
                .put("target", channel.shown())
                .put("signed", channel.secret().isPresent())
                .put("repeat_seconds", channel.repeat().toSeconds());
        channel.quiet().map(QuietHours::hours).ifPresent(hours -> detail.put("quiet", hours));
        channel.filter().events().stream().map(NotificationEvent::label).forEach(detail.putArray("events")::add);
        channel.filter().models().forEach(detail.putArray("models")::add);
        channel.filter().endpoints().forEach(detail.putArray("endpoints")::add);
        tx.audit().append(change, action, "channel:" + channel.name(), detail);
    }
}
