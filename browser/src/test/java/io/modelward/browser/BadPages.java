package io.modelward.browser;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A server of pages that break the rules, one each, to prove that the checks find it. */
final class BadPages implements AutoCloseable {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final HttpServer server;
    private final Map<String, String> pages = new ConcurrentHashMap<>();

    BadPages() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String[] policyAndPage =
                    pages.getOrDefault(exchange.getRequestURI().getPath(), "").split("\n", 2);
            boolean known = policyAndPage.length == 2;
            byte[] bytes = (known ? policyAndPage[1] : "").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            if (known && !policyAndPage[0].isEmpty()) {
                exchange.getResponseHeaders().set("Content-Security-Policy", policyAndPage[0]);
            }
            exchange.sendResponseHeaders(known ? 200 : 404, bytes.length == 0 ? -1 : bytes.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(bytes);
            }
        });
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** A page with the policy that pages have. */
    String guarded(String content) {
        return add(POLICY, content);
    }

    /** A page that no policy guards. */
    String unguarded(String content) {
        return add("", content);
    }

    private String add(String policy, String content) {
        String path = "/page-" + pages.size();
        pages.put(path, policy + "\n" + """
                <!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
                <link rel="icon" href="data:image/png;base64,"></head>
                <body><main><h1>A page</h1>%s</main></body></html>""".formatted(content));
        return path;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
