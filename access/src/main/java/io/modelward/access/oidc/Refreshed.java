package io.modelward.access.oidc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A document of an identity provider, fetched at its first use and again each hour. While the provider is away, the
 * document that is there stays. The provider is asked at most once in {@link #PAUSE}, whatever callers send.
 */
final class Refreshed<T> {

    /** The least time between two calls of the provider. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    private static final Duration FRESH = Duration.ofHours(1);
    /** How long a caller waits for another one who asks the provider. */
    private static final long PATIENCE_SECONDS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(Refreshed.class);

    /** Asks the provider. */
    @FunctionalInterface
    interface Fetch<T> {
        /** @throws IOException whose message says in words for an operator what is wrong */
        T fetch() throws IOException;
    }

    private record Fetched<T>(T value, long at) {}

    private final String what;
    private final Fetch<T> fetch;
    private final LongSupplier nanos;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Fetched<T> current;

    /** When the provider was asked last, whatever it answered. */
    @GuardedBy("asking")
    private @Nullable Long asked;

    /** @param what the document's name in the log */
    Refreshed(String what, Fetch<T> fetch, LongSupplier nanos) {
        this.what = what;
        this.fetch = fetch;
        this.nanos = nanos;
    }

    /** The document; empty when the provider never answered with a good one. */
    Optional<T> get() {
        Fetched<T> present = current;
        if (present == null) {
            ask(value -> true, true);
        } else if (nanos.getAsLong() - present.at() > FRESH.toNanos()) {
            ask(value -> false, false);
        }
        return value();
    }

    /**
     * A document that is good enough, where the provider is asked for a new one when the present one is not.
     *
     * @return perhaps one that is not good enough, when the provider has no other or was asked a moment ago
     */
    Optional<T> get(Predicate<T> goodEnough) {
        Optional<T> present = get();
        if (present.isPresent() && !goodEnough.test(present.get())) {
            ask(goodEnough, true);
        }
        return value();
    }

    private Optional<T> value() {
        Fetched<T> present = current;
        return present == null ? Optional.empty() : Optional.of(present.value());
    }

    /**
     * Asks the provider, unless it was asked a moment ago.
     *
     * @param goodEnough whether a document that another caller fetched meanwhile does
     * @param wait whether to wait for another caller who asks
     */
    private void ask(Predicate<T> goodEnough, boolean wait) {
        if (!(wait ? locked() : asking.tryLock())) {
            return;
        }
        try {
            Fetched<T> present = current;
            if (present != null && goodEnough.test(present.value())) {
                return;
            }
            long now = nanos.getAsLong();
            if (asked != null && now - asked < PAUSE.toNanos()) {
                return;
            }
            asked = now;
            current = new Fetched<>(fetch.fetch(), now);
        } catch (IOException away) {
            LOG.warn("{} cannot be fetched now: {}", what, away.getMessage());
        } finally {
            asking.unlock();
        }
    }

    private boolean locked() {
        try {
            return asking.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
