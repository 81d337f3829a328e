package io.modelward.runtime.onnx;

import io.modelward.core.format.ReadableFiles;
import io.modelward.core.problem.ProblemException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the files beside a graph that hold the graph's weights, and refuses those that are not the version's own:
 * native code would open any path that a stranger wrote into the graph.
 *
 * <p>The graph is read as Protocol Buffers are written (field numbers of {@code onnx.proto}); what is not written so is
 * refused, since another reader may see more in it.
 */
final class ExternalData {

    private static final int DEEPEST = 200;
    private static final int LONGEST = 4096;
    private static final int SHOWN = 100;
    /** In bytes. */
    private static final int LONGEST_TAG = 5;

    /** The fields of a message that matter here: for each field, the message within it. */
    private enum Message {
        MODEL,
        TRAINING,
        FUNCTION,
        GRAPH,
        NODE,
        ATTRIBUTE,
        SPARSE,
        TENSOR,
        ENTRY,
        OTHER;

        private Message field(int number) {
            return switch (this) {
                case MODEL -> number == 7 ? GRAPH : number == 20 ? TRAINING : number == 25 ? FUNCTION : OTHER;
                case TRAINING -> number == 1 || number == 2 ? GRAPH : OTHER;
                case FUNCTION -> number == 7 ? NODE : number == 11 ? ATTRIBUTE : OTHER;
                case GRAPH -> number == 1 ? NODE : number == 5 ? TENSOR : number == 15 ? SPARSE : OTHER;
                case NODE -> number == 5 ? ATTRIBUTE : OTHER;
                case ATTRIBUTE ->
                    switch (number) {
                        case 5, 10 -> TENSOR;
                        case 6, 11 -> GRAPH;
                        case 22, 23 -> SPARSE;
                        default -> OTHER;
                    };
                case SPARSE -> number == 1 || number == 2 ? TENSOR : OTHER;
                case TENSOR -> number == 13 ? ENTRY : OTHER;
                case ENTRY, OTHER -> OTHER;
            };
        }
    }

    private final Set<String> locations = new TreeSet<>();

    private ExternalData() {}

    /**
     * Looks through a graph.
     *
     * @param graph the file
     * @param files the version's, among which the graph is {@code artifact}
     * @throws ProblemException REFUSED when the graph is not written as ONNX is, or names a file that is not one of the
     *     version's
     */
    static void check(Path graph, ReadableFiles files, String artifact) throws IOException {
        ExternalData found = new ExternalData();
        try (FileChannel channel = FileChannel.open(graph, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw unreadable(artifact);
            }
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            found.read(bytes.order(ByteOrder.LITTLE_ENDIAN), Message.MODEL, 0);
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            throw unreadable(artifact);
        }
        for (String location : found.locations) {
            requireWithin(location, files, artifact);
        }
    }

    private static void requireWithin(String location, ReadableFiles files, String artifact) {
        int slash = artifact.lastIndexOf('/');
        String folder = artifact.substring(0, slash + 1);
        // A path of the version is plain: any other way to write one is one that leads elsewhere, or none.
        if (!files.has(folder + location)) {
            String shown = location.length() > SHOWN ? location.substring(0, SHOWN) + "…" : location;
            throw ProblemException.refused(
                    artifact,
                    "This version cannot be served: " + artifact + " keeps weights in a file " + shown
                            + ", which is not a file of the version beside the graph. Publish the graph together"
                            + " with that file, or save it"
                            + " with its weights within.");
        }
    }

    private static ProblemException unreadable(String artifact) {
        return ProblemException.refused(
                artifact, "This version cannot be served: " + artifact + " is not a graph as ONNX writes one.");
    }

    private void read(ByteBuffer bytes, Message message, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("too deep");
        }
        String key = "";
        String value = "";
        while (bytes.hasRemaining()) {
            long tag = tag(bytes);
            int number = (int) (tag >>> 3);
            if (number == 0) {
                throw new IllegalArgumentException("no field has this number");
            }
            switch ((int) (tag & 7)) {
                case 0 -> varint(bytes);
                case 1 -> bytes.getLong();
                case 5 -> bytes.getInt();
                case 2 -> {
                    long length = varint(bytes);
                    if (length < 0 || length > bytes.remaining()) {
                        throw new BufferUnderflowException();
                    }
                    ByteBuffer content =
                            bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
                    bytes.position(bytes.position() + (int) length);
                    Message within = message.field(number);
                    if (within != Message.OTHER) {
                        read(content, within, depth + 1);
                    } else if (message == Message.ENTRY && number == 1) {
                        key = text(content);
                    } else if (message == Message.ENTRY && number == 2) {
                        value = text(content);
                    }
                }
                default -> throw new IllegalArgumentException("a wire type that ONNX does not use");
            }
        }
        if (message == Message.ENTRY && key.equals("location")) {
            locations.add(value);
        }
    }

    private static String text(ByteBuffer content) {
        if (content.remaining() > LONGEST) {
            throw new IllegalArgumentException("a path that long is none");
        }
        return StandardCharsets.UTF_8.decode(content).toString();
    }

    /** Protocol Buffers keeps 32 bits of a tag and drops the others: another field than the one that is read here. */
    private static long tag(ByteBuffer bytes) {
        int start = bytes.position();
        long tag = varint(bytes);
        if (tag < 0 || tag > 0xffff_ffffL || bytes.position() - start > LONGEST_TAG) {
            throw new IllegalArgumentException("a tag of more than 32 bits");
        }
        return tag;
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than 64 bits");
    }
}
