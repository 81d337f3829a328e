package io.modelward.registry.channel;

import io.modelward.core.job.JobName;
import io.modelward.core.notification.MessageKind;
import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NotificationChannel;
import io.modelward.core.notification.NotificationMessage;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.NotificationMessages;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives notices to the channels that want them, and decides with which message each goes and when. A notice is taken
 * out of the queue and put into messages in one transaction. What is decided here is kept, so that a restart changes
 * nothing.
 */
final class NoticeRouter {

    private static final Logger LOG = LoggerFactory.getLogger(NoticeRouter.class);

    /** In one transaction: few, so that no other waits long. */
    private static final int AT_ONCE = 200;

    /** Messages of a channel within {@link #WINDOW}, but for a summary. */
    static final int MOST_MESSAGES = 20;

    /** So many of them are for urgent notices only. */
    static final int URGENT_ONLY = 5;

    private static final Set<ProblemType> PASSING =
            EnumSet.of(ProblemType.UNAVAILABLE, ProblemType.OVERLOADED, ProblemType.STORAGE_FULL, ProblemType.TIMEOUT);

    private static final String JOB = "job:";
    private static final Duration WINDOW = Duration.ofHours(1);

    /** How many notices of a message are kept one by one. */
    static final long MOST_IN_A_MESSAGE = 10_000;

    private final Catalog catalog;
    private final InstantSource clock;

    NoticeRouter(Catalog catalog, InstantSource clock) {
        this.catalog = catalog;
        this.clock = clock;
    }

    /** Routes what waits, at most some of it; answers how many notices. */
    int route() {
        if (catalog.read(tx -> tx.noticeQueue().isEmpty())) {
            return 0;
        }
        // When the channels cannot be read, no notice is to blame, and all of them wait.
        List<NotificationChannel> channels =
                catalog.read(tx -> tx.notificationChannels().list());
        LOG.debug("notices for {} channels", channels.size());
        try {
            return route(AT_ONCE);
        } catch (RuntimeException failure) {
            rethrowPassing(failure);
            LOG.warn("notices could not be given to channels together, and are one by one", failure);
            return routeOne();
        }
    }

    /** A notice that no channel can be given must not hold up those after it. */
    private int routeOne() {
        try {
            return route(1);
        } catch (RuntimeException failure) {
            rethrowPassing(failure);
            List<Notice> lost = catalog.write(tx -> tx.noticeQueue().take(1));
            lost.forEach(notice -> LOG.error("nobody is told of {}", notice.title(), failure));
            return lost.size();
        }
    }

    /** A problem of the catalog that passes by itself is no notice's fault: all notices wait until it has passed. */
    private static void rethrowPassing(RuntimeException failure) {
        if (failure instanceof ProblemException problem
                && PASSING.contains(problem.problem().type())) {
            throw problem;
        }
    }

    private int route(int limit) {
        return catalog.write(tx -> {
            List<Notice> notices = tx.noticeQueue().take(limit);
            List<NotificationChannel> channels = tx.notificationChannels().list();
            Instant now = clock.instant();
            for (Notice notice : notices) {
                Set<String> asked = askedByJob(tx, notice);
                for (NotificationChannel channel : channels) {
                    if (channel.filter().wants(notice) || asked.contains(channel.name())) {
                        put(tx, channel, notice, now);
                    }
                }
            }
            return notices.size();
        });
    }

    /** The channels that a job names for its own notices, whatever else the channels are told of. */
    private static Set<String> askedByJob(CatalogTransaction tx, Notice notice) {
        if (!notice.subject().startsWith(JOB)) {
            return Set.of();
        }
        return tx.jobs()
                .find(new JobName(notice.subject().substring(JOB.length())))
                .map(job -> Set.copyOf(job.plan().channels()))
                .orElse(Set.of());
    }

    private static void put(CatalogTransaction tx, NotificationChannel channel, Notice notice, Instant now) {
        NotificationMessages messages = tx.notificationMessages();
        messages.join(message(messages, channel, notice, now), notice, MOST_IN_A_MESSAGE);
    }

    private static NotificationMessage message(
            NotificationMessages messages, NotificationChannel channel, Notice notice, Instant now) {
        String id = channel.id();
        Instant due = now;
        MessageKind kind = MessageKind.SINGLE;
        Optional<NotificationMessages.Latest> latest = messages.latest(id, notice);
        if (latest.isPresent() && now.isBefore(latest.get().due().plus(channel.repeat()))) {
            Optional<NotificationMessage> open =
                    messages.find(id, latest.get().message()).filter(NotificationMessage::open);
            if (open.isPresent() && !breaksQuiet(channel, notice, open.get())) {
                return open.get();
            }
            due = latest.get().due().plus(channel.repeat());
            kind = MessageKind.REPEATS;
        }
        Optional<Instant> quiet = quiet(channel, notice, due);
        if (quiet.isPresent()) {
            return quietOne(messages, id, quiet.get(), now);
        }
        NotificationMessages.Window window = messages.window(id, due.minus(WINDOW), due.plus(WINDOW));
        if (window.messages() >= (notice.event().urgent() ? MOST_MESSAGES : MOST_MESSAGES - URGENT_ONLY)) {
            return summary(messages, channel, notice, window.first().orElse(due), now);
        }
        return messages.add(id, kind, due, now);
    }

    /** An urgent notice does not wait with others for the end of quiet hours. */
    private static boolean breaksQuiet(NotificationChannel channel, Notice notice, NotificationMessage open) {
        return notice.event().urgent()
                ? open.kind() == MessageKind.QUIET
                : quiet(channel, notice, open.due()).isPresent();
    }

    private static NotificationMessage summary(
            NotificationMessages messages, NotificationChannel channel, Notice notice, Instant first, Instant now) {
        String id = channel.id();
        Optional<NotificationMessage> open = messages.open(id, MessageKind.SUMMARY);
        Instant frees = first.plus(WINDOW);
        Instant due = open.map(NotificationMessage::due).orElse(frees.isBefore(now) ? now : frees);
        Optional<Instant> quiet = quiet(channel, notice, due);
        if (quiet.isPresent()) {
            return quietOne(messages, id, quiet.get(), now);
        }
        return open.orElseGet(() -> messages.add(id, MessageKind.SUMMARY, due, now));
    }

    private static Optional<Instant> quiet(NotificationChannel channel, Notice notice, Instant at) {
        return notice.event().urgent() ? Optional.empty() : channel.quiet().flatMap(hours -> hours.end(at));
    }

    private static NotificationMessage quietOne(NotificationMessages messages, String id, Instant end, Instant now) {
        return messages.open(id, MessageKind.QUIET, end).orElseGet(() -> messages.add(id, MessageKind.QUIET, end, now));
    }
}
