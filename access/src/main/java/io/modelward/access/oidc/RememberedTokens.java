package io.modelward.access.oidc;

import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What was found out about tokens, each until a time; when there are too many, the oldest go first. */
final class RememberedTokens<V> {

    private record Entry<V>(V value, long untilMillis) {}

    private final int most;
    private final Map<TokenFingerprint, Entry<V>> entries = new ConcurrentHashMap<>();
    /** In the order in which they came; each fingerprint stands here once while it is in the map. */
    private final Queue<TokenFingerprint> order = new ConcurrentLinkedQueue<>();

    private final AtomicInteger count = new AtomicInteger();

    RememberedTokens(int most) {
        this.most = most;
    }

    Optional<V> get(TokenFingerprint fingerprint, long nowMillis) {
        Entry<V> entry = entries.get(fingerprint);
        return entry != null && nowMillis < entry.untilMillis() ? Optional.of(entry.value()) : Optional.empty();
    }

    void put(TokenFingerprint fingerprint, V value, long untilMillis) {
        if (entries.put(fingerprint, new Entry<>(value, untilMillis)) == null) {
            order.add(fingerprint);
            if (count.incrementAndGet() > most) {
                TokenFingerprint oldest = order.poll();
                if (oldest != null) {
                    entries.remove(oldest);
                    count.decrementAndGet();
                }
            }
        }
    }

    int size() {
        return entries.size();
    }
}
