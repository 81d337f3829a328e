package io.modelward.runtime.worker;

import io.modelward.runtime.Instances;
import io.modelward.runtime.JsonBytes;
import io.modelward.runtime.JsonColumn;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The raw bytes of one column of a frame. They are made while they are written, so that a large request is not held
 * twice.
 */
public sealed interface RawColumn {

    /** At most this many bytes are handed to the pipe at once. */
    int PIECE = 64 << 10;

    int bytes();

    void write(OutputStream out) throws IOException;

    /** The numbers of several matrices, one after the other, little-endian. */
    record Doubles(List<Instances.Matrix> requests) implements RawColumn {
        @Override
        public int bytes() {
            int count = 0;
            for (Instances.Matrix request : requests) {
                count = Math.addExact(count, request.values().length);
            }
            return Math.multiplyExact(count, 8);
        }

        @Override
        public void write(OutputStream out) throws IOException {
            ByteBuffer piece =
                    ByteBuffer.allocate(Math.min(PIECE, Math.max(8, bytes()))).order(ByteOrder.LITTLE_ENDIAN);
            for (Instances.Matrix request : requests) {
                for (double value : request.values()) {
                    if (!piece.hasRemaining()) {
                        out.write(piece.array());
                        piece.clear();
                    }
                    piece.putDouble(value);
                }
            }
            out.write(piece.array(), 0, piece.position());
        }
    }

    /** The values of several columns as one JSON array. */
    record Values(List<JsonColumn> requests) implements RawColumn {
        @Override
        public int bytes() {
            int size = 1;
            for (JsonColumn request : requests) {
                // A comma or the closing bracket stands behind each value.
                size = Math.addExact(size, request.length(0, request.values()) + request.values());
            }
            return Math.max(2, size);
        }

        @Override
        public void write(OutputStream out) throws IOException {
            JsonBytes piece = new JsonBytes();
            piece.put('[');
            boolean first = true;
            for (JsonColumn request : requests) {
                for (int i = 0; i < request.values(); i++) {
                    if (!first) {
                        piece.put(',');
                    }
                    first = false;
                    request.write(i, piece);
                    if (piece.size() >= PIECE) {
                        piece.writeTo(out);
                        piece.clear();
                    }
                }
            }
            piece.put(']').writeTo(out);
        }
    }

    /** Bytes that are there already. */
    record Bytes(List<ByteBuffer> parts) implements RawColumn {

        @Override
        public int bytes() {
            int size = 0;
            for (ByteBuffer part : parts) {
                size = Math.addExact(size, part.remaining());
            }
            return size;
        }

        @Override
        public void write(OutputStream out) throws IOException {
            for (ByteBuffer part : parts) {
                byte[] piece = new byte[Math.min(PIECE, part.remaining())];
                ByteBuffer left = part.duplicate();
                while (left.hasRemaining()) {
                    int length = Math.min(piece.length, left.remaining());
                    left.get(piece, 0, length);
                    out.write(piece, 0, length);
                }
            }
        }
    }
}
