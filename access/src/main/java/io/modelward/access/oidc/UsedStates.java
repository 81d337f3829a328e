package io.modelward.access.oidc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The log-ins that were ended, until their time is over anyway, so that none is ended twice. When there are too many,
 * the oldest is forgotten; its code was used at the provider, which takes no code twice either.
 */
final class UsedStates {

    private final int most;

    @GuardedBy("this")
    private final Map<String, Instant> used = new LinkedHashMap<>();

    UsedStates(int most) {
        this.most = most;
    }

    /** Whether this is the first use. */
    synchronized boolean use(String state, Instant until, Instant now) {
        Iterator<Instant> ends = used.values().iterator();
        while (ends.hasNext()) {
            Instant end = ends.next();
            if (used.size() < most && now.isBefore(end)) {
                break;
            }
            ends.remove();
        }
        return used.putIfAbsent(state, until) == null;
    }
}
