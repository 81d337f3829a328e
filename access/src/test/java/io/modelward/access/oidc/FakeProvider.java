package io.modelward.access.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.modelward.core.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/**
 * A small identity provider on 127.0.0.1, which may be told to misbehave. It lets everyone in at once, and checks what
 * a client sends as a real one does: redirect URI, PKCE, the client's secret, and that a code is used once.
 */
public final class FakeProvider implements AutoCloseable {

    public static final String CLIENT = "modelward";
    public static final String SECRET = "s3cret/with+odd";

    private final HttpServer server;
    /** The paths that were called. */
    public final Queue<String> calls = new ConcurrentLinkedQueue<>();
    /** What the token endpoint was sent. */
    public final Queue<Map<String, String>> forms = new ConcurrentLinkedQueue<>();

    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();

    /** Made once, since that takes a while. */
    private static final RSAKey FIRST = rsa("key-1");

    public volatile RSAKey key = FIRST;
    public volatile List<JWK> published = List.of(key.toPublicJWK());
    /** The discovery document, changed before it is sent. */
    public volatile UnaryOperator<ObjectNode> discovery = document -> document;
    /** The claims of ID tokens, changed before they are signed. */
    public volatile UnaryOperator<JWTClaimsSet.Builder> claims = builder -> builder;
    /** Answers a path in another way; false: as usual. */
    public volatile Odd odd = exchange -> false;

    /** Answers in another way. */
    public interface Odd {
        boolean answer(HttpExchange exchange) throws IOException;
    }

    public FakeProvider() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            calls.add(exchange.getRequestURI().getPath());
            try (exchange) {
                if (!odd.answer(exchange)) {
                    answer(exchange);
                }
            }
        });
        server.start();
    }

    public static RSAKey rsa(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public long called(String path) {
        return calls.stream().filter(path::equals).count();
    }

    private void answer(HttpExchange exchange) throws IOException {
        switch (exchange.getRequestURI().getPath()) {
            case "/.well-known/openid-configuration" ->
                send(
                        exchange,
                        200,
                        Json.write(discovery.apply(Json.object()
                                .put("issuer", issuer())
                                .put("authorization_endpoint", issuer() + "/authorize")
                                .put("token_endpoint", issuer() + "/token")
                                .put("device_authorization_endpoint", issuer() + "/device")
                                .put("jwks_uri", issuer() + "/keys"))));
            case "/keys" -> send(exchange, 200, new JWKSet(published).toString());
            case "/authorize" -> authorize(exchange);
            case "/token" -> token(exchange);
            default -> send(exchange, 404, "{}");
        }
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> query = fields(exchange.getRequestURI().getRawQuery());
        String code = "code-" + codes.size();
        codes.put(code, query);
        exchange.getResponseHeaders()
                .add("Location", query.get("redirect_uri") + "?code=" + code + "&state=" + query.get("state"));
        exchange.sendResponseHeaders(302, -1);
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form = fields(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        forms.add(form);
        Map<String, String> asked = codes.remove(form.getOrDefault("code", ""));
        String basic = "Basic "
                + Base64.getEncoder()
                        .encodeToString((CLIENT + ":" + URLEncoder.encode(SECRET, StandardCharsets.UTF_8))
                                .getBytes(StandardCharsets.UTF_8));
        boolean known = basic.equals(exchange.getRequestHeaders().getFirst("Authorization"));
        if (asked == null
                || !known
                || !form.get("redirect_uri").equals(asked.get("redirect_uri"))
                || !challenge(form.getOrDefault("code_verifier", "")).equals(asked.get("code_challenge"))) {
            send(exchange, 400, "{\"error\":\"invalid_grant\",\"error_description\":\"provider's own words\"}");
            return;
        }
        JWTClaimsSet idToken =
                claims.apply(person().claim("nonce", asked.get("nonce"))).build();
        send(
                exchange,
                200,
                Json.write(Json.object()
                        .put("access_token", "opaque")
                        .put("token_type", "Bearer")
                        .put("id_token", sign(idToken))));
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The claims of a person's ID token for the next hour. */
    public JWTClaimsSet.Builder person() {
        return new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(CLIENT)
                .subject("ann-0001")
                .claim("preferred_username", "ann")
                .claim("groups", List.of("ml-engineers"))
                .issueTime(Date.from(Instant.now()))
                .expirationTime(Date.from(Instant.now().plusSeconds(3600)));
    }

    /** Signs with the present key. */
    public String sign(JWTClaimsSet token) {
        return sign(token, key);
    }

    public static String sign(JWTClaimsSet token, RSAKey key) {
        return sign(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), token, key);
    }

    static String sign(JWSHeader header, JWTClaimsSet token, RSAKey key) {
        try {
            SignedJWT jwt = new SignedJWT(header, token);
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static Map<String, String> fields(String form) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : form.split("&")) {
            String[] parts = field.split("=", 2);
            fields.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return fields;
    }

    /** Goes to the provider as a browser would; answers where the provider sends the browser. */
    public static URI visit(URI location) throws Exception {
        try (HttpClient browser = HttpClient.newHttpClient()) {
            return URI.create(browser.send(HttpRequest.newBuilder(location).build(), BodyHandlers.discarding())
                    .headers()
                    .firstValue("Location")
                    .orElseThrow());
        }
    }

    /** From now on nobody is there. */
    @Override
    public void close() {
        server.stop(0);
    }
}
