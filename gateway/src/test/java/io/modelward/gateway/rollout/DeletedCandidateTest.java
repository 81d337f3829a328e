package io.modelward.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Candidates that are deleted while they are rolled out. */
class DeletedCandidateTest extends RolloutFixture {

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** On a thread of its own. */
    private static <T> CompletableFuture<T> ask(Supplier<T> what) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                answer.complete(what.get());
            } catch (RuntimeException failed) {
                answer.completeExceptionally(failed);
            }
        });
        return answer;
    }

    @Test
    void a_deletion_returns_when_the_traffic_is_away_also_while_a_tick_follows_the_same_deletion() throws Exception {
        begin(QUICK);
        CountDownLatch tickReads = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Thread tick =
                Thread.ofPlatform().unstarted(() -> house.rollouts.driver().tick());
        house.beforeRead = () -> {
            if (Thread.currentThread() == tick) {
                tickReads.countDown();
                awaitQuietly(go);
            }
        };
        AtomicInteger looks = new AtomicInteger();
        house.pool.names().follow((id, name) -> {
            switch (looks.incrementAndGet()) {
                // A look that fails is made again, by the deletion.
                case 1 -> throw new IllegalStateException("not now");
                case 2 -> {
                    tick.start();
                    awaitQuietly(tickReads);
                }
                default -> {}
            }
        });
        house.pool.names().look();
        CompletableFuture<Boolean> traffic = ask(() -> {
            house.registry.versionStates.delete(
                    ModelName.parse("iris"), Selector.parse("1.1.0"), GatewayFixture.ADA, "it is harmful");
            return snapshot().trial().isPresent();
        });
        // A deletion that waits for the tick goes on from here; one that does not has returned before.
        Thread.sleep(500);
        go.countDown();
        assertThat(traffic.get(20, TimeUnit.SECONDS))
                .as("traffic after the deletion")
                .isFalse();
        tick.join();
        assertThat(looks.get()).isGreaterThanOrEqualTo(2);
    }
}
