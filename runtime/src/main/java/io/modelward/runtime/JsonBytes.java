package io.modelward.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/** A growing array of JSON bytes. Nothing checks the bytes: callers write valid JSON. */
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

    public JsonBytes put(byte[] from, int at, int length) {
        room(length);
        System.arraycopy(from, at, bytes, size, length);
        size += length;
        return this;
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
    }

    /** Adds the bytes to a hash. */
    public void update(MessageDigest hash) {
        hash.update(bytes, 0, size);
    }

    /** The bytes, without a copy: valid until more is written. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes, 0, size).slice();
    }

    /** Forgets the bytes, and keeps the room for others. */
    public void clear() {
        size = 0;
    }

    public int size() {
        return size;
    }

    public byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** The bytes, perhaps with unused room behind them: a copy only where much would be unused. */
    byte[] compact() {
        return bytes.length - size > Math.max(64, size >> 2) ? toArray() : bytes;
    }

    /** A copy of the bytes from {@code from} on. */
    public byte[] from(int from) {
        return Arrays.copyOfRange(bytes, from, size);
    }

    /** Twice as many while there are few; later half as many again, since the old and the new are held at once. */
    private static int grown(int length) {
        return length < 1 << 20 ? length * 2 : (int) Math.min(Integer.MAX_VALUE - 8L, length + (length >> 1));
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(grown(bytes.length), Math.addExact(size, more)));
        }
    }
}
