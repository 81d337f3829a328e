package io.modelward.store.prediction;

import io.modelward.core.digest.Digest;
import io.modelward.core.prediction.DecisionRecord;
import io.modelward.core.prediction.PredictionId;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A decision record as {@value #SIZE} bytes, little-endian.
 *
 * <pre>
 *   0 u32 CRC-32C of bytes 4..255, written last      46 u8  arm
 *   4 u32 layout version, 1                          47 u8  runtime
 *   8 u64 id, high half                              48 u32 latency in microseconds
 *  16 u64 id, low half                               52 u32 rows
 *  24 u64 time, microseconds since 1970              56 u32 flags: 1 = has an output hash
 *  32 u64 route revision                             64 32 bytes digest of the version
 *  40 u32 endpoint number                            96 32 bytes SHA-256 of the input
 *  44 u16 HTTP status                               128 32 bytes SHA-256 of the output
 * </pre>
 *
 * The rest is zero.
 */
final class RecordCodec {

    static final int SIZE = 256;
    private static final int VERSION = 1;
    private static final int HAS_OUTPUT = 1;

    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private RecordCodec() {}

    /** Writes the record at {@code offset}; its checksum last, so that a torn record never passes for a whole one. */
    static void write(MemorySegment memory, long offset, PredictionId id, DecisionRecord record) {
        byte[] bytes = new byte[SIZE];
        MemorySegment out = MemorySegment.ofArray(bytes);
        out.set(U32, 4, VERSION);
        out.set(U64, 8, id.high());
        out.set(U64, 16, id.low());
        out.set(U64, 24, ChronoUnit.MICROS.between(Instant.EPOCH, record.time()));
        out.set(U64, 32, record.revision());
        out.set(U32, 40, record.endpoint());
        out.set(U16, 44, (short) record.status());
        bytes[46] = record.arm();
        bytes[47] = record.runtime();
        out.set(U32, 48, (int) Math.min(0xffff_ffffL, record.latencyMicros()));
        out.set(U32, 52, record.rows());
        out.set(U32, 56, record.output().isPresent() ? HAS_OUTPUT : 0);
        put(bytes, 64, record.digest());
        put(bytes, 96, record.input());
        record.output().ifPresent(output -> put(bytes, 128, output));
        MemorySegment.copy(out, 4, memory, offset + 4, SIZE - 4);
        memory.set(U32, offset, checksum(bytes));
    }

    /** What the bytes of one slot are. */
    enum State {
        /** Nothing was written, or a crash or a look came before the checksum, which is written last. */
        UNFINISHED,
        WHOLE,
        DAMAGED
    }

    static State state(byte[] bytes) {
        int sum = MemorySegment.ofArray(bytes).get(U32, 0);
        if (sum == 0) {
            return State.UNFINISHED;
        }
        return sum == checksum(bytes) ? State.WHOLE : State.DAMAGED;
    }

    /** What is known of this id from the bytes at {@code offset}. */
    static PredictionLog.Found read(MemorySegment memory, long offset, PredictionId id) {
        byte[] bytes = memory.asSlice(offset, SIZE).toArray(ValueLayout.JAVA_BYTE);
        MemorySegment in = MemorySegment.ofArray(bytes);
        State state = state(bytes);
        if (state == State.DAMAGED) {
            return PredictionLog.Found.DAMAGED;
        }
        boolean same = in.get(U32, 4) == VERSION && in.get(U64, 8) == id.high() && in.get(U64, 16) == id.low();
        if (state == State.UNFINISHED || !same) {
            return PredictionLog.Found.ABSENT;
        }
        return new PredictionLog.Found(Optional.of(record(in, bytes)), false);
    }

    /** The whole record of one slot, with its id; empty when there is none that can be believed. */
    static Optional<PredictionLog.KeptRecord> whole(byte[] bytes) {
        MemorySegment in = MemorySegment.ofArray(bytes);
        if (state(bytes) != State.WHOLE || in.get(U32, 4) != VERSION) {
            return Optional.empty();
        }
        PredictionId id = new PredictionId(in.get(U64, 8), in.get(U64, 16));
        return Optional.of(new PredictionLog.KeptRecord(id, record(in, bytes)));
    }

    private static DecisionRecord record(MemorySegment in, byte[] bytes) {
        return new DecisionRecord(
                Instant.EPOCH.plus(in.get(U64, 24), ChronoUnit.MICROS),
                in.get(U32, 40),
                in.get(U64, 32),
                bytes[46],
                bytes[47],
                in.get(U16, 44),
                Integer.toUnsignedLong(in.get(U32, 48)),
                in.get(U32, 52),
                digest(bytes, 64),
                digest(bytes, 96),
                (in.get(U32, 56) & HAS_OUTPUT) != 0 ? Optional.of(digest(bytes, 128)) : Optional.empty());
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 4, SIZE - 4);
        return (int) crc.getValue();
    }

    private static void put(byte[] bytes, int at, Digest digest) {
        System.arraycopy(digest.bytes(), 0, bytes, at, 32);
    }

    private static Digest digest(byte[] bytes, int at) {
        return Digest.ofBytes(java.util.Arrays.copyOfRange(bytes, at, at + 32));
    }
}
