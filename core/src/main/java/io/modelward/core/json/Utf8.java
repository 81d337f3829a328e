package io.modelward.core.json;

import io.modelward.core.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Checks that bytes are well-formed UTF-8, in little memory whatever their size. */
final class Utf8 {

    private static final int WINDOW = 4096;

    private Utf8() {}

    static boolean startsWithMark(byte[] content) {
        return content.length >= 3
                && content[0] == (byte) 0xEF
                && content[1] == (byte) 0xBB
                && content[2] == (byte) 0xBF;
    }

    /** @throws ProblemException INVALID with line and column */
    static void check(byte[] content, String field) {
        int first = 0;
        while (first < content.length && content[first] >= 0) {
            first++;
        }
        if (first == content.length) {
            return;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(content, first, content.length - first);
        CharBuffer out = CharBuffer.allocate(WINDOW);
        CoderResult result = decoder.decode(in, out, true);
        while (result.isOverflow()) {
            out.clear();
            result = decoder.decode(in, out, true);
        }
        if (result.isError()) {
            throw ProblemException.invalid(
                    field, "The bytes are not valid UTF-8 " + Position.of(content, in.position()) + ".");
        }
    }
}
