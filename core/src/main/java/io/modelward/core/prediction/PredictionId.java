package io.modelward.core.prediction;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The id of a prediction: a UUID version 7 whose random part says where the decision record lies, so that no index is
 * needed.
 *
 * <pre>
 * high: 48 bits milliseconds since 1970 | 4 bits 0111 | 12 bits replica
 * low:   2 bits 10 | 28 bits segment | 24 bits slot | 10 bits random
 * </pre>
 *
 * Segment 0 does not exist: an id with it belongs to a prediction whose record could not be kept.
 */
public record PredictionId(long high, long low) {

    private static final Pattern FORM =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    public static final int MAX_SEGMENT = (1 << 28) - 1;
    public static final int MAX_SLOT = (1 << 24) - 1;

    /** The id of a prediction of this time, whose record lies in this place. */
    public static PredictionId of(long millis, int replica, int segment, int slot, int random) {
        long high = millis << 16 | 0x7000L | (replica & 0xfffL);
        long low = 0b10L << 62 | (long) segment << 34 | (long) slot << 10 | (random & 0x3ffL);
        return new PredictionId(high, low);
    }

    /** Empty when the text is not the id of any prediction. */
    public static Optional<PredictionId> parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        UUID uuid = UUID.fromString(text);
        return Optional.of(new PredictionId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits()));
    }

    /** The number of the file that has the record; 0: none has. */
    public int segment() {
        return (int) (low >>> 34) & MAX_SEGMENT;
    }

    /** The place in that file. */
    public int slot() {
        return (int) (low >>> 10) & MAX_SLOT;
    }

    /** Where the record lies, in words. */
    public String place() {
        return "segment " + segment() + ", slot " + slot();
    }

    @Override
    public String toString() {
        return new UUID(high, low).toString();
    }
}
