package io.modelward.server.webhook;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer of HTTP/1.1 as far as it is looked at: status, headers, and the first bytes of the body.
 *
 * @param headers by name in lower case; of one that is repeated the first
 */
record Answer(int status, Map<String, String> headers, byte[] body) {

    private static final int LONGEST_HEAD = 16 << 10;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: .*)?");
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,8})\\s*(?:;.*)?");

    /**
     * Reads an answer.
     *
     * @param kept how much of the body is wanted; the rest is not read
     * @throws IOException when it is not HTTP, its head is too long, or the connection ends in it
     */
    static Answer read(InputStream in, int kept) throws IOException {
        int[] left = {LONGEST_HEAD};
        while (true) {
            Matcher line = STATUS.matcher(line(in, left));
            if (!line.matches()) {
                throw new IOException("no answer of HTTP/1.1");
            }
            int status = Integer.parseInt(line.group(1));
            Map<String, String> headers = headers(in, left);
            // What is said on the way to the answer, such as 100 Continue.
            if (status / 100 != 1 || status == 101) {
                return new Answer(status, headers, body(in, status, headers, kept));
            }
        }
    }

    private static Map<String, String> headers(InputStream in, int[] left) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in, left); !line.isEmpty(); line = line(in, left)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.putIfAbsent(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    private static String line(InputStream in, int[] left) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended in the answer");
            }
            if (left[0]-- <= 0) {
                throw new IOException("the head of the answer is too long");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /** The status says it all; a body that breaks off is kept as far as it came. */
    private static byte[] body(InputStream in, int status, Map<String, String> headers, int kept) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            if (headers.getOrDefault("transfer-encoding", "")
                    .toLowerCase(Locale.ROOT)
                    .endsWith("chunked")) {
                chunks(in, body, kept);
            } else if (status != 204 && status != 304) {
                String length = headers.getOrDefault("content-length", "");
                boolean known = length.matches("[0-9]{1,18}");
                copy(in, body, known ? Math.min(kept, Long.parseLong(length)) : kept);
            }
        } catch (IOException brokenOff) {
            // Kept as far as it came.
        }
        return body.toByteArray();
    }

    private static void chunks(InputStream in, ByteArrayOutputStream body, int kept) throws IOException {
        int[] left = {LONGEST_HEAD};
        while (body.size() < kept) {
            Matcher size = CHUNK.matcher(line(in, left));
            long length = size.matches() ? Long.parseLong(size.group(1), 16) : 0;
            if (length == 0) {
                return;
            }
            copy(in, body, Math.min(length, kept - body.size()));
            if (body.size() < kept) {
                line(in, left);
            }
        }
    }

    private static void copy(InputStream in, ByteArrayOutputStream body, long count) throws IOException {
        for (long i = 0; i < count; i++) {
            int next = in.read();
            if (next < 0) {
                return;
            }
            body.write(next);
        }
    }
}
