package io.modelward.runtime.worker;

import io.modelward.runtime.serving.Engine;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One message of docs/worker-protocol.md.
 *
 * @param head UTF-8 JSON
 * @param columns the raw bytes after the head, little-endian
 */
public record WorkerFrame(Type type, long id, byte[] head, ByteBuffer columns) {

    private static final int HEADER = 16;
    private static final short VERSION = 1;
    /** A worker never sends more; see the protocol. */
    public static final int MAX_BODY = (64 << 20) + (1 << 20);
    /** The server sends a row of at most 32 MiB of JSON, which may be eight bytes for each two of it. */
    private static final int MAX_REQUEST = 160 << 20;

    public enum Type {
        LOAD(1),
        LOADED(2),
        FAILED(3),
        PREDICT(4),
        ANSWER(5),
        STOP(6),
        COMPARE(7),
        COMPARED(8),
        INSPECT(9),
        INSPECTED(10),
        DESCRIBE(11),
        DESCRIBED(12),
        PROBE(13);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        private static Type of(int code) throws BadFrame {
            for (Type type : values()) {
                if (type.code == code) {
                    return type;
                }
            }
            throw new BadFrame("unknown frame type");
        }
    }

    /** The bytes on the pipe are not a frame: other code than the worker's own wrote them. */
    public static final class BadFrame extends IOException {
        public BadFrame(String message) {
            super(message);
        }
    }

    public static void write(OutputStream out, Type type, long id, String head, List<RawColumn> columns)
            throws IOException {
        byte[] json = head.getBytes(StandardCharsets.UTF_8);
        int size = 4 + json.length;
        for (RawColumn column : columns) {
            size = Math.addExact(size, column.bytes());
        }
        OutputStream buffered = new BufferedOutputStream(out, Math.min(RawColumn.PIECE, HEADER + size));
        ByteBuffer start = ByteBuffer.allocate(HEADER + 4).order(ByteOrder.LITTLE_ENDIAN);
        start.putInt(size).put((byte) type.code).put((byte) 0).putShort(VERSION).putLong(id);
        start.putInt(json.length);
        buffered.write(start.array());
        buffered.write(json);
        for (RawColumn column : columns) {
            column.write(buffered);
        }
        buffered.flush();
    }

    /**
     * Reads the next frame.
     *
     * @throws Engine.NoMemory when there is not the memory for the frame now; the frame was read and thrown away, and
     *     the next may follow
     */
    public static WorkerFrame read(DataInputStream in, LargeFrames large) throws IOException {
        return read(in, large, MAX_BODY);
    }

    /** As {@link #read}, of what the server sends, which may be larger: one row may be all of a request. */
    public static WorkerFrame readRequest(DataInputStream in, LargeFrames large) throws IOException {
        return read(in, large, MAX_REQUEST);
    }

    private static WorkerFrame read(DataInputStream in, LargeFrames large, int most) throws IOException {
        byte[] bytes = new byte[HEADER];
        in.readFully(bytes);
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int size = header.getInt();
        Type type = Type.of(header.get());
        header.get();
        if (header.getShort() != VERSION || size < 4 || size > most) {
            throw new BadFrame("bad frame header");
        }
        long id = header.getLong();
        if (!large.enter(size)) {
            in.skipNBytes(size);
            throw new Engine.NoMemory();
        }
        byte[] body = new byte[size];
        in.readFully(body);
        ByteBuffer content = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        int headSize = content.getInt();
        if (headSize < 2 || headSize > size - 4) {
            throw new BadFrame("bad frame head");
        }
        byte[] head = new byte[headSize];
        content.get(head);
        return new WorkerFrame(type, id, head, content.slice().order(ByteOrder.LITTLE_ENDIAN));
    }
}
