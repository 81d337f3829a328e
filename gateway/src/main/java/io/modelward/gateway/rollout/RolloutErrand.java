package io.modelward.gateway.rollout;

import io.modelward.core.audit.Change;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.Rollout.Transition;
import io.modelward.gateway.rollout.CountedRollout.Counted;
import io.modelward.gateway.rollout.RolloutStarter.Started;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A wish to a {@link RolloutActor}, whose sender waits. Errands take turns, in the order in which they came. */
sealed interface RolloutErrand {

    /** Where the caller waits. */
    CompletableFuture<?> answer();

    /** What a person says; {@code what} answers empty when it is so already. */
    record Order(Function<Rollout, Optional<Transition>> what, Change change, CompletableFuture<Boolean> answer)
            implements RolloutErrand {}

    /** A start that the rollout may give way to. */
    record GiveWay(Function<Counted, Started> start, CompletableFuture<Optional<Started>> answer)
            implements RolloutErrand {}

    /** The process stops. */
    record Leave(CompletableFuture<Boolean> answer) implements RolloutErrand {}

    /** Answered when nothing is being written, and no harm or deletion waits to be. */
    record Settle(CompletableFuture<Boolean> answer) implements RolloutErrand {}

    /** The errand came when the rollout was over. */
    default void answerLate(Rollout rollout) {
        switch (this) {
            case Order order -> {
                try {
                    if (order.what().apply(rollout).isPresent()) {
                        throw ProblemException.conflict("This rollout has just ended. Look at it and decide again.");
                    }
                    order.answer().complete(true);
                } catch (RuntimeException elsewhere) {
                    order.answer().completeExceptionally(elsewhere);
                }
            }
            case GiveWay giveWay -> giveWay.answer().complete(Optional.empty());
            case Leave leave -> leave.answer().complete(true);
            case Settle settle -> settle.answer().complete(true);
        }
    }
}
