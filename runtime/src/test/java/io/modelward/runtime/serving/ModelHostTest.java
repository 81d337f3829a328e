package io.modelward.runtime.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.digest.Digest;
import io.modelward.core.signature.Signature;
import io.modelward.runtime.ModelInfo;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RunningModel;
import io.modelward.runtime.RuntimeKind;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ModelHostTest {

    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch looking = new CountDownLatch(1);

    /** Looks for what an earlier load left until it is told to go on, and finds nothing. */
    private final EngineLoader slow = new EngineLoader() {
        @Override
        public RuntimeKind kind() {
            return new RuntimeKind((byte) 99, "some");
        }

        @Override
        public Optional<Loaded> loadAtOnce(ModelSource source, Progress progress) {
            looking.countDown();
            try {
                go.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            return Optional.empty();
        }

        @Override
        public Loaded load(ModelSource source, int restarts, Progress progress) {
            throw new AssertionError("a model that was closed is loaded");
        }
    };

    private static ModelSource source(int number) {
        return new ModelSource(
                "default/some@" + number + ".0.0",
                Digest.of(new byte[] {(byte) number}),
                List.of(),
                file -> new ByteArrayInputStream(new byte[0]),
                Signature.unknown());
    }

    @Test
    void a_host_that_is_closed_waits_for_models_that_have_not_begun_to_load() throws Exception {
        ModelHost host = new ModelHost(Duration.ofSeconds(5), Duration.ofSeconds(10), 1, Runnable::run);
        List<RunningModel> models = new ArrayList<>();
        // More than the threads that look for what an earlier load left.
        for (int i = 0; i < 5; i++) {
            models.add(host.start(source(i), slow));
        }
        // Else all of them may see that the host is closed before one begins.
        assertThat(looking.await(20, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(host::close);
        Thread.sleep(300);
        assertThat(closed).isNotDone();
        go.countDown();
        closed.get(20, TimeUnit.SECONDS);
        assertThat(host.running()).isZero();
        assertThat(models).allSatisfy(model -> assertThat(model.info().state()).isEqualTo(ModelInfo.State.CLOSED));
    }
}
