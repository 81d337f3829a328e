package io.modelward.server.api;

import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.SemVer;
import io.modelward.registry.version.VersionService;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.Permission;
import io.modelward.server.http.Problems;
import io.modelward.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;

/** A version's files: whole or one range of them, with the digest as ETag. */
public final class FilesDoor {

    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");
    private static final int CHUNK = 128 * 1024;

    private final VersionService versions;
    private final Executor files;

    /** @param files platform threads for work that touches the disk */
    public FilesDoor(VersionService versions, Executor files) {
        this.versions = versions;
        this.files = files;
    }

    public void open(Route.Table routes) {
        routes.async(
                "GET",
                "/api/v1/models/{namespace}/{name}/versions/{version}/files/{path}",
                Permission.READ,
                exchange -> files.execute(() -> {
                    try {
                        send(exchange);
                    } catch (Exception failure) {
                        exchange.fail(failure);
                    }
                }));
    }

    private void send(Exchange exchange) throws IOException {
        FileEntry file = versions.file(
                ModelsDoor.model(exchange),
                SemVer.parse(exchange.path("version")),
                FilePath.parse(exchange.path("path")));
        String etag = "\"" + file.sha256() + "\"";
        var headers = exchange.response().getHeaders();
        headers.put(HttpHeader.ETAG, etag);
        headers.put(HttpHeader.ACCEPT_RANGES, "bytes");
        if (exchange.header("If-None-Match")
                .filter(given -> given.equals("*") || given.contains(etag))
                .isPresent()) {
            exchange.response().setStatus(304);
            exchange.callback().succeeded();
            return;
        }
        headers.put(HttpHeader.CONTENT_TYPE, "application/octet-stream");
        boolean sameFile = exchange.header("If-Range").map(etag::equals).orElse(true);
        Matcher range = RANGE.matcher(sameFile ? exchange.header("Range").orElse("") : "");
        long from = 0;
        long length = file.size();
        if (range.matches() && !(range.group(1).isEmpty() && range.group(2).isEmpty())) {
            from = first(range, file.size());
            long last = last(range, file.size());
            if (from > last || from >= file.size()) {
                headers.put(HttpHeader.CONTENT_RANGE, "bytes */" + file.size());
                Problems.unsatisfiable(
                        exchange, "This file has " + file.size() + " bytes; the range is outside of it.");
                return;
            }
            length = last - from + 1;
            exchange.response().setStatus(206);
            headers.put(HttpHeader.CONTENT_RANGE, "bytes " + from + "-" + last + "/" + file.size());
        }
        headers.put(HttpHeader.CONTENT_LENGTH, length);
        if (exchange.request().getMethod().equals("HEAD")) {
            exchange.callback().succeeded();
            return;
        }
        copy(exchange, versions.open(file, from, length));
    }

    private static long first(Matcher range, long size) {
        return range.group(1).isEmpty()
                ? Math.max(0, size - Long.parseLong(range.group(2)))
                : Long.parseLong(range.group(1));
    }

    private static long last(Matcher range, long size) {
        boolean open = range.group(1).isEmpty() || range.group(2).isEmpty();
        return open ? size - 1 : Math.min(size - 1, Long.parseLong(range.group(2)));
    }

    /** Copies without holding a thread while a slow reader takes its time. */
    private static void copy(Exchange exchange, InputStream bytes) {
        ByteBufferPool pool = exchange.request().getComponents().getByteBufferPool();
        Content.Source source = Content.Source.from(new ByteBufferPool.Sized(pool, false, CHUNK), bytes);
        Content.copy(source, exchange.response(), Callback.from(() -> closeQuietly(bytes), exchange.callback()));
    }

    private static void closeQuietly(InputStream bytes) {
        try {
            bytes.close();
        } catch (IOException failure) {
            throw ProblemException.conflict("The file could not be closed.");
        }
    }
}
