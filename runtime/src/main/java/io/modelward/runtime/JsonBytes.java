package io.modelward.runtime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of JSON bytes. Only what is written is checked by nobody: callers write valid JSON. */
public final class JsonBytes {

    private byte[] bytes = new byte[256];
    private int size;

    public JsonBytes put(char ascii) {
        room(1);
        bytes[size++] = (byte) ascii;
        return this;
    }

    public JsonBytes put(String text) {
        return put(text.getBytes(StandardCharsets.UTF_8));
    }

    public JsonBytes put(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
        return this;
    }

    public int size() {
        return size;
    }

    public byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** A copy of the bytes from {@code from} on. */
    public byte[] from(int from) {
        return Arrays.copyOfRange(bytes, from, size);
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
        }
    }
}
