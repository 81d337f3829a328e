package io.modelward.server.api;

import io.modelward.core.memory.Reservation;
import io.modelward.runtime.Instances;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code {"instances": [[1.5, 2, …], …]}} straight into numbers, the most common request by far. Whatever is not
 * exactly that is left to the general reader, which also finds the words for what is wrong.
 */
final class MatrixScanner {

    private static final byte[] KEY = "\"instances\"".getBytes(StandardCharsets.US_ASCII);
    private static final long EXACT = 1L << 53;
    private static final double[] POWERS = new double[23];

    static {
        double power = 1;
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = power;
            power *= 10;
        }
    }

    private final byte[] body;
    private final int width;
    private final double[] values;
    private int at;
    private int count;
    private boolean failed;

    private MatrixScanner(byte[] body, int width, int most) {
        this.body = body;
        this.width = width;
        this.values = new double[most];
    }

    /**
     * The rows, or null when the body is anything else.
     *
     * @throws io.modelward.core.problem.ProblemException when there is not the memory for them
     */
    static Instances.@Nullable Matrix scan(byte[] body, int width, Reservation memory) {
        // Looked at first without memory for any number.
        MatrixScanner start = new MatrixScanner(body, width, 0);
        if (width == 0 || !start.begins()) {
            return null;
        }
        int most = mostNumbers(body);
        memory.grow(8L * most);
        MatrixScanner scanner = new MatrixScanner(body, width, most);
        scanner.begins();
        Instances.Matrix found = scanner.rows();
        if (found == null) {
            memory.shrink(8L * most);
        }
        return found;
    }

    /** How many numbers there can be: a comma stands before each but the first. */
    private static int mostNumbers(byte[] body) {
        int commas = 0;
        for (byte next : body) {
            commas += next == ',' ? 1 : 0;
        }
        return commas + 1;
    }

    /** Whether the body begins as one with rows of numbers does; the first row is next then. */
    private boolean begins() {
        if (!skip('{') || !key() || !skip(':') || !skip('[')) {
            return false;
        }
        space();
        return peek() == '[';
    }

    private Instances.@Nullable Matrix rows() {
        int rows = 0;
        do {
            if (!row()) {
                return null;
            }
            rows++;
        } while (skip(','));
        if (!skip(']') || !skip('}')) {
            return null;
        }
        space();
        if (at < body.length) {
            return null;
        }
        return new Instances.Matrix(count == values.length ? values : Arrays.copyOf(values, count), rows, width);
    }

    private boolean key() {
        space();
        if (body.length - at < KEY.length || !Arrays.equals(body, at, at + KEY.length, KEY, 0, KEY.length)) {
            return false;
        }
        at += KEY.length;
        return true;
    }

    private boolean row() {
        if (!skip('[')) {
            return false;
        }
        if (values.length - count < width) {
            return false;
        }
        for (int i = 0; i < width; i++) {
            if (i > 0 && !skip(',')) {
                return false;
            }
            space();
            values[count++] = number();
            if (failed) {
                return false;
            }
        }
        return skip(']');
    }

    private void space() {
        while (at < body.length && (body[at] == ' ' || body[at] == '\n' || body[at] == '\r' || body[at] == '\t')) {
            at++;
        }
    }

    private boolean skip(char wanted) {
        space();
        if (at < body.length && body[at] == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private int peek() {
        return at < body.length ? body[at] : -1;
    }

    private static boolean digit(int c) {
        return c >= '0' && c <= '9';
    }

    /**
     * A number of RFC 8259. Up to 2^53 times a power of ten up to 22 is exact in one operation; the rest is left to the
     * library.
     */
    private double number() {
        int start = at;
        boolean negative = peek() == '-';
        if (negative) {
            at++;
        }
        if (!digit(peek()) || (peek() == '0' && at + 1 < body.length && digit(body[at + 1]))) {
            failed = true;
            return 0;
        }
        long mantissa = 0;
        int exponent = 0;
        boolean exact = true;
        for (; digit(peek()); at++) {
            exact &= mantissa < EXACT / 10;
            mantissa = mantissa * 10 + (body[at] - '0');
        }
        if (peek() == '.') {
            at++;
            int first = at;
            for (; digit(peek()); at++) {
                exact &= mantissa < EXACT / 10;
                mantissa = mantissa * 10 + (body[at] - '0');
            }
            exponent = first - at;
            failed |= at == first;
        }
        if (peek() == 'e' || peek() == 'E') {
            exact = false;
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            failed |= !digit(peek());
            while (digit(peek())) {
                at++;
            }
        }
        if (failed) {
            return 0;
        }
        if (exact && -exponent < POWERS.length) {
            double value = mantissa / POWERS[-exponent];
            return negative ? -value : value;
        }
        double value = Double.parseDouble(new String(body, start, at - start, StandardCharsets.US_ASCII));
        failed |= Double.isInfinite(value);
        return value;
    }
}
