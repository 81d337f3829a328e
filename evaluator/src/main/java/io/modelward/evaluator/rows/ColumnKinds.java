package io.modelward.evaluator.rows;

import io.modelward.evaluator.value.Refused;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * What kinds of cells a column of a whole request has. They decide how the column is stored, so a part of the request
 * is read by the kinds of the whole.
 *
 * @param absent whether a row that is an object leaves the column out
 * @param beyond whether a number is larger than a double counts by ones
 * @param huge whether neither 64 bits with a sign nor 64 bits without one hold all whole numbers: such are objects
 */
public record ColumnKinds(
        boolean numbers, boolean texts, boolean truths, boolean nulls, boolean absent, boolean beyond, boolean huge) {

    private static final double EXACT = 1L << 53;
    private static final double SIGNED = 0x1p63;
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final int LONG_TEXT = 18;

    /** @throws Refused when a cell is an array or an object */
    static ColumnKinds of(JsonCells cells) throws Refused {
        boolean numbers = false;
        boolean texts = false;
        boolean truths = false;
        boolean nulls = false;
        boolean absent = false;
        boolean beyond = false;
        boolean huge = false;
        boolean negative = false;
        boolean unsigned = false;
        byte[] bytes = cells.bytes();
        for (int row = 0; row < cells.rows(); row++) {
            int start = cells.start(row);
            if (start < 0) {
                absent = true;
                continue;
            }
            switch (JsonText.kind(bytes, start)) {
                case NUMBER -> {
                    numbers = true;
                    int end = cells.end(row);
                    if (bytes[start] == '-' || end - start > 15) {
                        double number = JsonText.number(bytes, start, end);
                        beyond |= Math.abs(number) > EXACT;
                        if (isWhole(bytes, start, end)) {
                            negative |= number < 0;
                            if (end - start > LONG_TEXT && Math.abs(number) >= SIGNED) {
                                BigInteger whole = new BigInteger(
                                        new String(bytes, start, end - start, StandardCharsets.US_ASCII));
                                unsigned |= whole.signum() > 0 && whole.bitLength() > 63;
                                huge |= whole.bitLength() > 64 || whole.compareTo(LEAST) < 0;
                            }
                        }
                    } else {
                        beyond |= Math.abs(JsonText.number(bytes, start, end)) > EXACT;
                    }
                }
                case TEXT -> texts = true;
                case TRUTH -> truths = true;
                case NULL -> nulls = true;
                case ARRAY, OBJECT -> throw new Refused("TypeError", "a cell of a column is an array or an object");
            }
        }
        return new ColumnKinds(numbers, texts, truths, nulls, absent, beyond, huge || (negative && unsigned));
    }

    private static boolean isWhole(byte[] bytes, int start, int end) {
        for (int at = start; at < end; at++) {
            if (bytes[at] == '.' || bytes[at] == 'e' || bytes[at] == 'E') {
                return false;
            }
        }
        return true;
    }

    /** Whether no row has the column. */
    boolean nowhere() {
        return !(numbers || texts || truths || nulls);
    }
}
