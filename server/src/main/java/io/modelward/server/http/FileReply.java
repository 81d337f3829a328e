package io.modelward.server.http;

import io.modelward.core.digest.Digest;
import io.modelward.registry.FileReading;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * A file as an answer: whole or one range of it, with its digest as ETag (RFC 9110). Ranges in any other form than one
 * of bytes are passed over.
 *
 * @param headers that go with every answer that has a body
 */
public record FileReply(Digest sha256, long size, Map<String, String> headers, Opener opener) {

    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    /** Opens {@code length} bytes from {@code from}. */
    @FunctionalInterface
    public interface Opener {
        FileReading open(long from, long length) throws IOException;
    }

    /** A file of no known kind. */
    public static FileReply of(Digest sha256, long size, Opener opener) {
        return new FileReply(sha256, size, Map.of("Content-Type", "application/octet-stream"), opener);
    }

    public FileReply with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new FileReply(sha256, size, more, opener);
    }

    /**
     * Answers; on one of these threads, since it opens the file.
     *
     * @param threads few platform threads, which the downloads share by turns
     */
    public void send(Exchange exchange, Executor threads) throws IOException {
        String etag = "\"" + sha256 + "\"";
        HttpFields.Mutable out = exchange.response().getHeaders();
        out.put(HttpHeader.ETAG, etag);
        out.put(HttpHeader.ACCEPT_RANGES, "bytes");
        if (exchange.header("If-None-Match")
                .filter(given -> given.equals("*") || given.contains(etag))
                .isPresent()) {
            exchange.response().setStatus(304);
            exchange.callback().succeeded();
            return;
        }
        boolean sameFile = exchange.header("If-Range").map(etag::equals).orElse(true);
        Matcher range = RANGE.matcher(sameFile ? exchange.header("Range").orElse("") : "");
        long from = 0;
        long length = size;
        if (range.matches() && !(range.group(1).isEmpty() && range.group(2).isEmpty())) {
            from = first(range);
            long last = last(range);
            if (from > last || from >= size) {
                out.put(HttpHeader.CONTENT_RANGE, "bytes */" + size);
                exchange.unsatisfiable("This file has " + size + " bytes; the range is outside of it.");
                return;
            }
            length = last - from + 1;
            exchange.response().setStatus(206);
            out.put(HttpHeader.CONTENT_RANGE, "bytes " + from + "-" + last + "/" + size);
        }
        // Whatever the file is, a browser keeps it and shows nothing of it as a page of this server.
        out.put("Content-Disposition", "attachment");
        out.put("Content-Security-Policy", "sandbox; default-src 'none'");
        headers.forEach(out::put);
        out.put(HttpHeader.CONTENT_LENGTH, length);
        FileReading bytes = opener.open(from, length);
        if (exchange.request().getMethod().equals("HEAD")) {
            bytes.close();
            exchange.callback().succeeded();
            return;
        }
        new DownloadTask(exchange, bytes, length, threads).run();
    }

    private long first(Matcher range) {
        return range.group(1).isEmpty()
                ? Math.max(0, size - Long.parseLong(range.group(2)))
                : Long.parseLong(range.group(1));
    }

    private long last(Matcher range) {
        boolean open = range.group(1).isEmpty() || range.group(2).isEmpty();
        return open ? size - 1 : Math.min(size - 1, Long.parseLong(range.group(2)));
    }
}
