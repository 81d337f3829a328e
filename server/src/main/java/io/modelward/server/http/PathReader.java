package io.modelward.server.http;

import io.modelward.core.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a raw request path once, segment by segment. A slash is never encoded, so that it cannot make or hide a
 * segment.
 */
final class PathReader {

    /** What RFC 3986 lets stand in a path as it is. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@%/\\-]*");

    private PathReader() {}

    /** @param raw null when the request line names no path */
    static List<String> segments(@Nullable String raw) {
        if (raw == null || !raw.startsWith("/") || !PLAIN.matcher(raw).matches()) {
            throw malformed();
        }
        List<String> segments = new ArrayList<>();
        for (String segment : RouteTree.split(raw)) {
            segments.add(decode(segment));
        }
        return segments;
    }

    private static String decode(String segment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(segment.length());
        byte[] raw = segment.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                bytes.write(raw[i]);
                continue;
            }
            int high = i + 1 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
            int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw malformed();
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
            // Some readers cut a segment at a semicolon, and have a parent folder then.
            if (decoded.indexOf('/') >= 0 || decoded.startsWith(".;") || decoded.startsWith("..;")) {
                throw malformed();
            }
            return decoded;
        } catch (CharacterCodingException notUtf8) {
            throw malformed();
        }
    }

    private static ProblemException malformed() {
        return ProblemException.invalid(
                "path",
                "The address is a path that begins with a slash, as percent-encoded UTF-8. Slashes are not encoded.");
    }
}
