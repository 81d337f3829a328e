package io.modelward.runtime.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes small ONNX graphs, by the field numbers of {@code onnx.proto}. */
final class GraphFile {

    static final int FLOAT = 1;
    static final int INT32 = 6;
    static final int INT64 = 7;
    static final int STRING = 8;
    static final int BOOL = 9;
    static final int DOUBLE = 11;

    private final Message graph = new Message().text(2, "test");

    /** One message of Protocol Buffers. */
    static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message number(int field, long value) {
            varint((long) field << 3);
            varint(value);
            return this;
        }

        Message bytes(int field, byte[] value) {
            varint(((long) field << 3) | 2);
            varint(value.length);
            bytes.writeBytes(value);
            return this;
        }

        Message text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message put(int field, Message message) {
            return bytes(field, message.toBytes());
        }

        /** A number as it stands in the file, such as a tag. */
        Message raw(long value) {
            varint(value);
            return this;
        }

        /** The bytes as they are. */
        Message content(byte[] value) {
            bytes.writeBytes(value);
            return this;
        }

        private void varint(long value) {
            long left = value;
            while ((left & ~0x7fL) != 0) {
                bytes.write((int) ((left & 0x7f) | 0x80));
                left >>>= 7;
            }
            bytes.write((int) left);
        }

        byte[] toBytes() {
            return bytes.toByteArray();
        }
    }

    /** A tensor that is given or answered; a dimension of -1 is free. */
    private static Message value(String name, int type, long... shape) {
        Message dimensions = new Message();
        for (long dimension : shape) {
            dimensions.put(1, dimension < 0 ? new Message().text(2, "n") : new Message().number(1, dimension));
        }
        Message tensor = new Message().number(1, type).put(2, dimensions);
        return new Message().text(1, name).put(2, new Message().put(1, tensor));
    }

    GraphFile input(String name, int type, long... shape) {
        graph.put(11, value(name, type, shape));
        return this;
    }

    GraphFile output(String name, int type, long... shape) {
        graph.put(12, value(name, type, shape));
        return this;
    }

    /** An output of which only the name is declared, such as one that is no tensor. */
    GraphFile sequenceOfMaps(String name) {
        Message map = new Message().number(1, STRING).put(2, new Message().put(1, new Message().number(1, FLOAT)));
        Message sequence = new Message().put(1, new Message().put(5, map));
        graph.put(12, new Message().text(1, name).put(2, new Message().put(4, sequence)));
        return this;
    }

    static Message node(String op, List<String> inputs, List<String> outputs, Message... attributes) {
        Message node = new Message();
        inputs.forEach(input -> node.text(1, input));
        outputs.forEach(output -> node.text(2, output));
        node.text(4, op);
        for (Message attribute : attributes) {
            node.put(5, attribute);
        }
        return node;
    }

    GraphFile add(Message node) {
        graph.put(1, node);
        return this;
    }

    GraphFile op(String op, List<String> inputs, List<String> outputs, Message... attributes) {
        return add(node(op, inputs, outputs, attributes));
    }

    /** A list of texts as an attribute. */
    static Message texts(String name, String... values) {
        Message attribute = new Message().text(1, name).number(20, 8);
        for (String value : values) {
            attribute.text(9, value);
        }
        return attribute;
    }

    /** A whole number as an attribute. */
    static Message whole(String name, long value) {
        return new Message().text(1, name).number(20, 2).number(3, value);
    }

    /** A graph as an attribute. */
    static Message body(String name, GraphFile body) {
        return new Message().text(1, name).number(20, 5).put(6, body.graph);
    }

    /** Weights within the file. */
    GraphFile weights(String name, float... values) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            raw.putFloat(value);
        }
        graph.put(
                5,
                new Message()
                        .number(1, values.length)
                        .number(2, FLOAT)
                        .text(8, name)
                        .bytes(9, raw.array()));
        return this;
    }

    /** Weights in another file. */
    GraphFile weightsElsewhere(String name, int count, String location) {
        graph.put(5, elsewhere(name, count, location));
        return this;
    }

    static Message elsewhere(String name, int count, String location) {
        return new Message()
                .number(1, count)
                .number(2, FLOAT)
                .text(8, name)
                .put(13, new Message().text(1, "location").text(2, location))
                .number(14, 1);
    }

    byte[] toBytes() {
        return new Message()
                .number(1, 8)
                .text(2, "modelward-test")
                .put(7, graph)
                .put(8, new Message().text(1, "").number(2, 17))
                .put(8, new Message().text(1, "ai.onnx.ml").number(2, 3))
                .toBytes();
    }
}
