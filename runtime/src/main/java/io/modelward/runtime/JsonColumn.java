package io.modelward.runtime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * JSON values in a row, kept as their text: a tree would take ten times the memory.
 *
 * @param text the values' JSON, one after the other without anything between
 * @param ends where each value ends in {@code text}
 * @param values how many there are; {@code ends} may be longer
 */
public record JsonColumn(byte[] text, int[] ends, int values) {

    /** Values that are given as JSON each. */
    public static JsonColumn of(String... json) {
        Builder values = new Builder();
        for (String value : json) {
            values.add(value.getBytes(StandardCharsets.UTF_8));
        }
        return values.build();
    }

    /** In bytes. */
    long bytes() {
        return text.length + 4L * ends.length;
    }

    /** The bytes of the values from {@code from} up to {@code to}, without what stands between them. */
    public int length(int from, int to) {
        return end(to - 1) - end(from - 1);
    }

    /** Writes a value's JSON. */
    public void write(int index, JsonBytes out) {
        out.put(text, end(index - 1), end(index) - end(index - 1));
    }

    /** Writes the JSON of the values from {@code from} up to {@code to}, with commas between. */
    void write(int from, int to, JsonBytes out) {
        for (int i = from; i < to; i++) {
            if (i > from) {
                out.put(',');
            }
            write(i, out);
        }
    }

    private int end(int index) {
        return index < 0 ? 0 : ends[index];
    }

    /** Values from {@code from} up to {@code to}, in arrays of their own. */
    JsonColumn slice(int from, int to) {
        int first = end(from - 1);
        int[] sliced = new int[to - from];
        for (int i = from; i < to; i++) {
            sliced[i - from] = ends[i] - first;
        }
        return new JsonColumn(Arrays.copyOfRange(text, first, end(to - 1)), sliced, to - from);
    }

    /** The values of several, one after the other. */
    static JsonColumn joined(List<JsonColumn> columns) {
        Builder joined = new Builder();
        for (JsonColumn column : columns) {
            for (int i = 0; i < column.values; i++) {
                joined.add(column.text, column.end(i - 1), column.end(i) - column.end(i - 1));
            }
        }
        return joined.build();
    }

    /** The first values, and from the first again where there are fewer. */
    JsonColumn cycled(int count) {
        Builder cycled = new Builder();
        for (int i = 0; i < count; i++) {
            int index = i % values;
            cycled.add(text, end(index - 1), end(index) - end(index - 1));
        }
        return cycled.build();
    }

    /** Collects values. */
    public static final class Builder {
        private final JsonBytes text = new JsonBytes();
        private int[] ends = new int[16];
        private int values;

        /** Takes a value's JSON, as UTF-8. */
        public Builder add(byte[] json) {
            text.put(json);
            return end();
        }

        /** Takes a value's JSON out of a larger text. */
        public Builder add(byte[] json, int from, int length) {
            text.put(json, from, length);
            return end();
        }

        private Builder end() {
            if (values == ends.length) {
                ends = Arrays.copyOf(ends, values + Math.max(16, values >> 1));
            }
            ends[values++] = text.size();
            return this;
        }

        /** About the bytes that the builder takes now. */
        public long bytes() {
            return text.size() + 4L * ends.length;
        }

        public JsonColumn build() {
            return new JsonColumn(text.compact(), ends, values);
        }
    }
}
