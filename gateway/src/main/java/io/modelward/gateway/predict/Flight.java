package io.modelward.gateway.predict;

import io.modelward.gateway.evidence.TrafficSplit;
import io.modelward.runtime.Predictions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way to a candidate. Either the candidate's answer arrives, or the candidate's traffic is taken away first and the active
 * version is asked: whichever comes first decides, and there is one decision record.
 */
final class Flight {

    private final Predictor predictor;
    private final Admitted admitted;
    private final TrafficSplit split;
    private final Runnable redirect = this::redirect;
    private final AtomicBoolean decided = new AtomicBoolean();
    private final CompletableFuture<Prediction> answer = new CompletableFuture<>();

    Flight(Predictor predictor, Admitted admitted, TrafficSplit split) {
        this.predictor = predictor;
        this.admitted = admitted;
        this.split = split;
    }

    CompletableFuture<Prediction> follow(CompletableFuture<Predictions> computing) {
        split.waits(redirect);
        var _ = computing.whenComplete(this::arrive);
        return answer;
    }

    private void arrive(@Nullable Predictions predictions, @Nullable Throwable failure) {
        split.arrived(redirect);
        if (decided.compareAndSet(false, true)) {
            complete(predictor.finish(admitted, predictions, failure));
        }
    }

    private void redirect() {
        if (decided.compareAndSet(false, true)) {
            admitted.admission().tell(false, admitted.nanos());
            admitted.admission().arm().metrics().redirected(admitted.nanos());
            try {
                complete(predictor.redirect(admitted));
            } catch (RuntimeException refused) {
                answer.completeExceptionally(refused);
            }
        }
    }

    private void complete(CompletableFuture<Prediction> from) {
        var _ = from.whenComplete((prediction, failure) -> {
            if (failure == null) {
                answer.complete(prediction);
            } else {
                answer.completeExceptionally(
                        failure instanceof CompletionException wrapped && wrapped.getCause() != null
                                ? new CompletionException(wrapped.getCause())
                                : new CompletionException(failure));
            }
        });
    }
}
