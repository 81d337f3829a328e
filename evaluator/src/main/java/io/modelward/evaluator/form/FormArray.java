package io.modelward.evaluator.form;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One array of a form.
 *
 * @param name for messages
 * @param data little-endian, C order
 */
public record FormArray(String name, Dtype dtype, int[] shape, ByteBuffer data) {

    /** How the items of an array are stored. */
    public enum Dtype {
        F8(8),
        F4(4),
        I8(8),
        I4(4),
        U1(1);

        private final int size;

        Dtype(int size) {
            this.size = size;
        }

        public int size() {
            return size;
        }
    }

    /** How many items there are. */
    public int count() {
        return data.remaining() / dtype.size();
    }

    /** The items as doubles. */
    public double[] doubles() {
        ByteBuffer bytes = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        double[] items = new double[count()];
        for (int i = 0; i < items.length; i++) {
            items[i] = switch (dtype) {
                case F8 -> bytes.getDouble();
                case F4 -> bytes.getFloat();
                case I8 -> bytes.getLong();
                case I4 -> bytes.getInt();
                case U1 -> bytes.get() & 0xff;
            };
        }
        return items;
    }

    /**
     * The items as whole numbers.
     *
     * @throws BadForm when the array holds other numbers
     */
    public int[] ints() throws BadForm {
        ByteBuffer bytes = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int[] items = new int[count()];
        for (int i = 0; i < items.length; i++) {
            long item = switch (dtype) {
                case I8 -> bytes.getLong();
                case I4 -> bytes.getInt();
                case U1 -> bytes.get() & 0xff;
                case F8, F4 -> throw new BadForm("the array " + name + " does not hold whole numbers");
            };
            if (item != (int) item) {
                throw new BadForm("the array " + name + " holds a number that is too large");
            }
            items[i] = (int) item;
        }
        return items;
    }
}
