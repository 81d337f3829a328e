package io.modelward.registry.webhook;

import io.modelward.core.audit.Change;
import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.webhook.Event;
import java.util.Optional;

/** What people are told of a rollout. */
final class RolloutNotice {

    private RolloutNotice() {}

    /** Empty for an event that people need not be told of. */
    static Optional<Notice> of(Event event, Rollout rollout, Change change) {
        return switch (event) {
            case ROLLOUT_HELD -> Optional.of(notice(NotificationEvent.ROLLOUT_HELD, "is held", rollout, change));
            case ROLLOUT_ROLLED_BACK ->
                Optional.of(notice(NotificationEvent.ROLLOUT_ROLLED_BACK, "was rolled back", rollout, change));
            case ROLLOUT_PROMOTED ->
                Optional.of(notice(NotificationEvent.ROLLOUT_PROMOTED, "was promoted", rollout, change));
            default -> Optional.empty();
        };
    }

    private static Notice notice(NotificationEvent event, String what, Rollout rollout, Change change) {
        String candidate =
                rollout.candidate().model() + " " + rollout.candidate().version();
        return Notice.of(
                        event,
                        "endpoint:" + rollout.endpoint(),
                        "The rollout of " + candidate + " on " + rollout.endpoint() + " " + what,
                        rollout.progress().reason(),
                        change.at(),
                        "/ui/rollouts/" + rollout.id())
                .aboutModel(rollout.candidate().model().toString())
                .aboutEndpoint(rollout.endpoint())
                .fact("Candidate", rollout.candidate().version().toString())
                .fact("Active", rollout.active().version().toString())
                .fact("By", change.actor());
    }
}
