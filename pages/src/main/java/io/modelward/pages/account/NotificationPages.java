package io.modelward.pages.account;

import io.modelward.core.access.Action;
import io.modelward.core.notification.ChannelKind;
import io.modelward.core.notification.NotificationDelivery;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.pages.frame.ActionForm;
import io.modelward.pages.frame.Actions;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.Words;
import io.modelward.registry.Page;
import io.modelward.registry.channel.ChannelService;
import io.modelward.registry.channel.ChannelService.View;
import io.modelward.registry.channel.ChannelWish;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.FormFields;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Notifications: which people are told of what, and whether it arrives. */
public final class NotificationPages {

    private static final String CHANNELS = "/ui/notifications";
    private static final String NEW = CHANNELS + "/new";
    private static final String CHANNEL = CHANNELS + "/{channel}";
    private static final String EVENT = "event-";
    private static final int A_PAGE = 50;

    private final PageSender pages;
    private final ChannelService channels;

    public NotificationPages(PageSender pages, ChannelService channels) {
        this.pages = pages;
        this.channels = channels;
    }

    /** The channels, by name. */
    public record ChannelsView(List<View> channels) {}

    /** What a channel was to be told of, newest first. */
    public record DeliveriesView(String channel, List<NotificationDelivery> deliveries, Optional<String> more) {}

    /** How a try went. */
    public record ChannelTriedView(String channel, boolean delivered, String what) {}

    public void open(HttpRoute.Table routes, Actions actions) {
        routes.blocking(
                "GET",
                CHANNELS,
                Action.ADMINISTER,
                exchange -> pages.page(
                        exchange, Section.NONE, "Notifications", "notifications", new ChannelsView(channels.list())));
        routes.blocking("GET", CHANNEL + "/deliveries", Action.ADMINISTER, this::deliveries);
        actions.open(routes, NEW, Action.ADMINISTER, NotificationPages::newForm, (exchange, fields) -> {
            channels.create(fields.required("name"), wish(fields), exchange.actor());
            return CHANNELS;
        });
        actions.open(routes, CHANNEL + "/delete", Action.ADMINISTER, this::deleteForm, (exchange, fields) -> {
            AccountPages.confirm(fields);
            channels.delete(exchange.path("channel"), exchange.actor());
            return CHANNELS;
        });
        actions.openAnswered(routes, CHANNEL + "/test", Action.ADMINISTER, this::testForm, this::test);
    }

    private Reply deliveries(Exchange exchange) {
        String channel = exchange.path("channel");
        Page<NotificationDelivery> page = channels.deliveries(channel, exchange.query("page_token"), A_PAGE);
        return pages.page(
                exchange,
                Section.NONE,
                "Deliveries to " + channel,
                "notificationdeliveries",
                new DeliveriesView(
                        channel,
                        page.items(),
                        page.next().map(next -> address(channel, "deliveries") + "?page_token=" + Words.query(next))));
    }

    private static ActionForm newForm(Exchange exchange) {
        ActionForm form = ActionForm.of(Section.NONE, "Make a channel", NEW, "Make the channel", CHANNELS)
                .saying("People are told by a chat, a mail or a webhook of the events that are ticked below; of all"
                        + " events when none is ticked. What repeats is grouped.")
                .text("name", "Name", "", "Such as team.", true)
                .choice(
                        "kind",
                        "Kind",
                        ChannelKind.SLACK.label(),
                        Arrays.stream(ChannelKind.values())
                                .map(ChannelKind::label)
                                .toList(),
                        "")
                .text("url", "Address", "", "A URL, or a mail address. What is after the host is never shown.", true)
                .secret("secret", "Secret", "Signs what is posted to a webhook. Never shown.")
                .text("models", "Models", "", "Only of these: default/iris, team/*. Empty: of all.", false)
                .text("endpoints", "Endpoints", "", "Only of these. Empty: of all.", false)
                .text("quiet", "Quiet hours", "", "Such as 22:00-07:00.", false)
                .text("timezone", "Time zone", "", "Of the quiet hours, such as Europe/Berlin.", false)
                .text("repeat", "Repeat", "1h", "For how long the same is only counted.", false);
        for (NotificationEvent event : NotificationEvent.values()) {
            form = form.ticked(EVENT + event.label(), event.label(), false);
        }
        return form;
    }

    private static ChannelWish wish(FormFields fields) {
        String kind = fields.text("kind").orElse(ChannelKind.WEBHOOK.label());
        Optional<String> target = Optional.of(fields.required("url"));
        return new ChannelWish(
                target.filter(_ -> kind.equals(ChannelKind.WEBHOOK.label())),
                target.filter(_ -> kind.equals(ChannelKind.SLACK.label())),
                target.filter(_ -> kind.equals(ChannelKind.EMAIL.label())),
                fields.text("secret"),
                Arrays.stream(NotificationEvent.values())
                        .map(NotificationEvent::label)
                        .filter(label -> fields.ticked(EVENT + label))
                        .toList(),
                names(fields, "models"),
                names(fields, "endpoints"),
                fields.text("quiet"),
                fields.text("timezone"),
                fields.text("repeat"));
    }

    private static List<String> names(FormFields fields, String name) {
        return Arrays.stream(fields.text(name).orElse("").split(","))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private ActionForm deleteForm(Exchange exchange) {
        String channel = channels.get(exchange.path("channel")).channel().name();
        return ActionForm.of(
                        Section.NONE, "Remove the channel " + channel, address(channel, "delete"), "Remove", CHANNELS)
                .saying("Nobody is told by it any more, and what waits to be sent is forgotten.")
                .tick("confirm", "Remove the channel " + channel, "")
                .dangerous();
    }

    private ActionForm testForm(Exchange exchange) {
        View view = channels.get(exchange.path("channel"));
        String channel = view.channel().name();
        return ActionForm.of(
                        Section.NONE, "Test the channel " + channel, address(channel, "test"), "Send a test", CHANNELS)
                .saying("The server sends one test to " + view.channel().shown()
                        + " now, also in quiet hours. Nothing else happens.");
    }

    private Reply test(Exchange exchange, FormFields fields) {
        String channel = channels.get(exchange.path("channel")).channel().name();
        Outcome outcome = channels.test(channel);
        ChannelTriedView view = switch (outcome) {
            case Outcome.Answered answered
            when answered.status() / 100 == 2 ->
                new ChannelTriedView(channel, true, "The receiver answered " + answered.status() + ".");
            case Outcome.Answered answered -> new ChannelTriedView(channel, false, answered.words());
            case Outcome.Failed failed -> new ChannelTriedView(channel, false, failed.why());
        };
        return pages.page(exchange, Section.NONE, "The channel was tested", "notificationtried", view);
    }

    private static String address(String channel, String action) {
        return CHANNELS + "/" + Words.segment(channel) + "/" + action;
    }
}
