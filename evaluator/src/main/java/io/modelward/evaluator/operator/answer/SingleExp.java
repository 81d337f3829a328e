package io.modelward.evaluator.operator.answer;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * The exponential function in float32, with the bits of the C library's {@code expf} (glibc 2.27 and later, whose source
 * has the algorithm and its constants): in float64, 2^(k/32) from a table times a polynomial of degree 3, then rounded.
 */
final class SingleExp {

    private static final int N = 32;
    private static final double STEPS = 0x1.71547652b82fep+0 * N;
    /** Adding it rounds to a whole number, which is then in the lower bits. */
    private static final double SHIFT = 0x1.8p+52;

    private static final double C0 = 0x1.c6af84b912394p-5 / N / N / N;
    private static final double C1 = 0x1.ebfce50fac4f3p-3 / N / N;
    private static final double C2 = 0x1.62e42ff0c52d6p-1 / N;
    private static final float LARGEST = 0x1.62e42ep6f;
    private static final float SMALLEST = -0x1.9fe368p6f;
    private static final long[] TABLE = table();

    private SingleExp() {}

    /** The bits of 2^(i/32), less those that i itself will add to the exponent. */
    private static long[] table() {
        MathContext digits = new MathContext(40, RoundingMode.HALF_EVEN);
        BigDecimal root = BigDecimal.TWO;
        for (int i = 1; i < N; i *= 2) {
            root = root.sqrt(digits);
        }
        long[] table = new long[N];
        BigDecimal power = BigDecimal.ONE;
        for (int i = 0; i < N; i++) {
            table[i] = Double.doubleToLongBits(power.doubleValue()) - ((long) i << 47);
            power = power.multiply(root, digits);
        }
        return table;
    }

    static float of(float x) {
        if (Float.isNaN(x)) {
            return x;
        }
        if (x > LARGEST) {
            return Float.POSITIVE_INFINITY;
        }
        if (x < SMALLEST) {
            return 0;
        }
        double z = STEPS * x;
        double whole = z + SHIFT;
        long k = Double.doubleToRawLongBits(whole);
        double r = z - (whole - SHIFT);
        double power = Double.longBitsToDouble(TABLE[(int) (k & (N - 1))] + (k << 47));
        double high = C0 * r + C1;
        double low = C2 * r + 1;
        return (float) ((high * (r * r) + low) * power);
    }
}
