package io.modelward.gateway.evidence;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The callers' keys that a rollout has seen. All requests of one key go to one arm, so they are one draw, and only the
 * first is evidence. Beyond {@value #MOST} keys new ones are no evidence any more: that bounds memory, and by then
 * everything is decided.
 */
final class SeenKeys {

    private static final int MOST = 500_000;

    private final Set<Long> hashes = ConcurrentHashMap.newKeySet();

    /** Whether this is the key's first request. */
    boolean first(long hash) {
        return hashes.size() < MOST && hashes.add(hash);
    }

    /** Those of before a restart, eight big-endian bytes each. */
    void restore(byte[] kept) {
        ByteBuffer buffer = ByteBuffer.wrap(kept);
        while (buffer.remaining() >= Long.BYTES) {
            hashes.add(buffer.getLong());
        }
    }

    static byte[] bytes(long[] keys) {
        ByteBuffer buffer = ByteBuffer.allocate(keys.length * Long.BYTES);
        for (long key : keys) {
            buffer.putLong(key);
        }
        return buffer.array();
    }
}
