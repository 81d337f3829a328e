package io.modelward.registry.channel;

import io.modelward.core.notification.ChannelKind;
import io.modelward.core.notification.MailAddress;
import io.modelward.core.notification.NoticeFilter;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.core.notification.QuietHours;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.time.Durations;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import io.modelward.core.webhook.WebhookUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a channel may look like. */
final class ChannelRule {

    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?");
    private static final int LONGEST_SECRET = 1000;
    private static final int MOST_FILTERS = 50;
    private static final Duration REPEAT = Duration.ofHours(1);
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(7);

    private ChannelRule() {}

    static void name(String name) {
        if (!NAME.matcher(name).matches() || name.contains("..")) {
            throw ProblemException.invalid(
                    "name",
                    "A channel's name has 1 to 63 of a-z, 0-9, dots, underscores and hyphens, starts and ends with a"
                            + " letter or digit, and has no two dots in a row.");
        }
    }

    /** Where a channel goes: its kind, and the text of the target, which is checked. */
    record Target(ChannelKind kind, String text) {

        String field() {
            return kind.label();
        }

        /** As people may see it. */
        String shown() {
            return kind == ChannelKind.EMAIL ? text : WebhookUrl.parse(text).place() + "/…";
        }
    }

    /** Empty when the wish names no target. */
    static Optional<Target> target(ChannelWish wish) {
        List<Target> targets = new ArrayList<>();
        wish.webhook().ifPresent(url -> targets.add(new Target(ChannelKind.WEBHOOK, url("webhook", url))));
        wish.slack().ifPresent(url -> targets.add(new Target(ChannelKind.SLACK, url("slack", url))));
        wish.email()
                .ifPresent(address -> targets.add(new Target(
                        ChannelKind.EMAIL, MailAddress.parse(address, "email").text())));
        if (targets.size() > 1) {
            throw ProblemException.invalid(targets.getLast().field(), "A channel has one of webhook, slack and email.");
        }
        return targets.stream().findFirst();
    }

    private static String url(String field, String text) {
        try {
            return WebhookUrl.parse(text).text();
        } catch (ProblemException wrong) {
            throw ProblemException.invalid(field, wrong.problem().detail());
        }
    }

    static Optional<String> secret(ChannelWish wish, ChannelKind kind) {
        Optional<String> secret = wish.secret();
        if (secret.filter(text -> !text.isEmpty()).isPresent() && kind != ChannelKind.WEBHOOK) {
            throw ProblemException.invalid("secret", "Only messages to a webhook are signed. Leave secret out.");
        }
        if (secret.filter(text -> text.length() > LONGEST_SECRET).isPresent()) {
            throw ProblemException.invalid("secret", "A secret has at most " + LONGEST_SECRET + " characters.");
        }
        return secret;
    }

    static NoticeFilter filter(ChannelWish wish) {
        bounded("models", wish.models());
        bounded("endpoints", wish.endpoints());
        return new NoticeFilter(
                wish.events().stream().distinct().map(NotificationEvent::parse).toList(),
                wish.models().stream().map(ChannelRule::model).distinct().toList(),
                wish.endpoints().stream().map(ChannelRule::endpoint).distinct().toList());
    }

    private static void bounded(String field, List<String> list) {
        if (list.size() > MOST_FILTERS) {
            throw ProblemException.invalid(field, field + " has at most " + MOST_FILTERS + " names.");
        }
    }

    private static String model(String text) {
        try {
            return text.endsWith("/*")
                    ? new ModelName(text.substring(0, text.length() - 2), "x").namespace() + "/*"
                    : ModelName.parse(text).toString();
        } catch (ProblemException wrong) {
            throw ProblemException.invalid(
                    "models",
                    "models has names of models, such as default/iris, and default/* for all of a namespace. "
                            + wrong.problem().detail());
        }
    }

    private static String endpoint(String text) {
        try {
            return new EndpointName(text).value();
        } catch (ProblemException wrong) {
            throw ProblemException.invalid(
                    "endpoints",
                    "endpoints has names of endpoints. " + wrong.problem().detail());
        }
    }

    static Optional<QuietHours> quiet(ChannelWish wish) {
        if (wish.quiet().isEmpty() && wish.zone().isEmpty()) {
            return Optional.empty();
        }
        if (wish.quiet().isEmpty()) {
            throw ProblemException.invalid("quiet", "timezone says in which zone quiet is meant. Give quiet, too.");
        }
        return Optional.of(QuietHours.parse(wish.quiet().get(), wish.zone().orElse("UTC")));
    }

    static Duration repeat(ChannelWish wish) {
        Duration repeat =
                wish.repeat().map(text -> Durations.parse(text, "repeat")).orElse(REPEAT);
        if (repeat.compareTo(SHORTEST) < 0 || repeat.compareTo(LONGEST) > 0) {
            throw ProblemException.invalid("repeat", "repeat is from 1m to 7d.");
        }
        return Duration.ofSeconds(repeat.toSeconds());
    }
}
