package io.modelward.pages.frame;

import io.modelward.core.problem.ProblemException;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * The files that pages load: styles and scripts. The address of a file has the hash of its content, so a browser asks
 * for each content once.
 */
public final class Assets {

    private static final String BELOW = "/static/";
    private static final String WEBJARS = "/META-INF/resources/webjars/";

    /** The files by the names that templates know them by, with the resource that each is. */
    private static final Map<String, String> FILES = Map.of(
            "app.css", "/io/modelward/pages/static/app.css",
            "app.js", "/io/modelward/pages/static/app.js",
            "live.js", "/io/modelward/pages/static/live.js",
            "charts.js", "/io/modelward/pages/static/charts.js",
            "icon.svg", "/io/modelward/pages/static/icon.svg",
            "htmx.js", WEBJARS + "htmx.org/2.0.10/dist/htmx.min.js",
            "sse.js", WEBJARS + "htmx-ext-sse/2.2.2/sse.js",
            "uplot.js", WEBJARS + "uplot/1.6.30/dist/uPlot.iife.min.js",
            "uplot.css", WEBJARS + "uplot/1.6.30/dist/uPlot.min.css");

    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private final Map<String, String> addresses = new HashMap<>();
    private final Map<String, Asset> byFile = new HashMap<>();

    /** A file as it is sent. */
    private record Asset(String type, byte[] plain, byte[] compressed) {}

    /** Reads all files. */
    public Assets() {
        FILES.forEach((name, resource) -> {
            byte[] content = read(resource);
            int dot = name.lastIndexOf('.');
            String ending = name.substring(dot + 1);
            String file = name.substring(0, dot) + "-" + hash(content) + "." + ending;
            addresses.put(name, BELOW + file);
            byFile.put(file, new Asset(TYPES.getOrDefault(ending, "application/octet-stream"), content, gzip(content)));
        });
    }

    /** The address of a file, by the name that is kept with the source. */
    public String address(String name) {
        String address = addresses.get(name);
        if (address == null) {
            throw new IllegalArgumentException("no such file: " + name);
        }
        return address;
    }

    /** Bytes of all scripts and styles together, compressed as they are sent. */
    public int compressedSize() {
        return byFile.values().stream()
                .mapToInt(asset -> asset.compressed().length)
                .sum();
    }

    public void open(HttpRoute.Table routes) {
        routes.openAsync("GET", BELOW + "{file}", this::send);
    }

    private void send(Exchange exchange) throws IOException {
        Asset asset = byFile.get(exchange.path("file"));
        if (asset == null) {
            throw ProblemException.notFound("There is no such file. Load the page again.");
        }
        boolean gzip = exchange.header("Accept-Encoding").orElse("").contains("gzip");
        Reply reply = new Reply(
                        200, Map.of(), new Reply.Content.Bytes(asset.type(), gzip ? asset.compressed() : asset.plain()))
                .with("Cache-Control", "public, max-age=31536000, immutable")
                .with("Vary", "Accept-Encoding");
        exchange.reply(gzip ? reply.with("Content-Encoding", "gzip") : reply);
    }

    private static byte[] read(String resource) {
        try (InputStream in = Assets.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its file " + resource);
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            out.write(content);
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
        return bytes.toByteArray();
    }
}
