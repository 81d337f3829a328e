package io.modelward.cli;

import io.modelward.core.time.Durations;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long a command waits for what the server does. */
final class Patience {

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "wait so long, such as 10m; then exit code 8, and the server goes on (default: no limit)")
    private @Nullable String timeout;

    boolean isLimited() {
        return timeout != null;
    }

    /**
     * Does the work, and waits for its end.
     *
     * @param goesOn what the server goes on with, and how to see it, when the time is over first
     * @throws TimedOut when the time is over first
     */
    <T> T wait(Supplier<T> work, String goesOn) {
        if (timeout == null) {
            return work.get();
        }
        Duration limit = Durations.parse(timeout, "--timeout");
        CompletableFuture<T> done = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> complete(done, work));
        done.completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            T result = done.join();
            if (result == null) {
                throw new TimedOut("Not done after " + timeout + ". " + goesOn);
            }
            return result;
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }

    private static <T> void complete(CompletableFuture<T> done, Supplier<T> work) {
        try {
            done.complete(work.get());
        } catch (RuntimeException failure) {
            done.completeExceptionally(failure);
        }
    }
}
