package io.modelward.client;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Logs a person in at the server's identity provider from a program that has no browser: the device authorization grant
 * of RFC 8628. The provider gets neither a token of the server nor anything else about it but the client's id.
 */
public final class DeviceLogIn implements AutoCloseable {

    private static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST_BYTES = 512 * 1024;
    /** RFC 8628, 3.2 and 3.5: what holds when the provider does not say, and what slow_down adds. */
    private static final long USUAL_INTERVAL_S = 5;

    private static final long LONGEST_INTERVAL_S = 60;
    private static final long USUAL_LIFE_S = 600;
    private static final long LONGEST_LIFE_S = 3600;

    private final URI device;
    private final URI token;
    private final String client;
    private final String scopes;
    private final Pause pause;
    private final LongSupplier nanos;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /** Waits. */
    @FunctionalInterface
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    /**
     * What the person needs.
     *
     * @param page where the code is entered
     * @param whole the page with the code in it, where the provider has one
     */
    public record Codes(
            String page, Optional<String> whole, String code, Duration life, String device, long interval) {}

    /**
     * A log-in that begins with {@link #begin()}.
     *
     * @param described what {@link AccessCalls#logIn()} answered
     * @throws DeviceLogInFailed when the server's provider lets no program in
     */
    public DeviceLogIn(JsonNode described) {
        this(described, Thread::sleep, System::nanoTime);
    }

    DeviceLogIn(JsonNode described, Pause pause, LongSupplier nanos) {
        if (!described.has("issuer")) {
            throw new DeviceLogInFailed(
                    "This server has no identity provider to log in at. Ask an administrator for a token,"
                            + " and keep it with: modelward login --token -");
        }
        if (!described.has("device_authorization_endpoint") || !described.has("token_endpoint")) {
            throw new DeviceLogInFailed(
                    "The identity provider " + described.path("issuer").asString("")
                            + " lets no program log in without a browser (RFC 8628). Have the device flow switched on there, or"
                            + " ask for a token and keep it with: modelward login --token -");
        }
        this.device = endpoint(described, "device_authorization_endpoint");
        this.token = endpoint(described, "token_endpoint");
        this.client = described.path("client_id").asString("");
        this.scopes = described.path("scopes").asString("openid");
        this.pause = pause;
        this.nanos = nanos;
    }

    private static URI endpoint(JsonNode described, String member) {
        try {
            URI url = new URI(described.path(member).asString(""));
            if (Origin.of(url).isPrivate()) {
                return url;
            }
        } catch (URISyntaxException | IllegalArgumentException malformed) {
            throw unusable(member);
        }
        throw unusable(member);
    }

    private static DeviceLogInFailed unusable(String member) {
        return new DeviceLogInFailed(
                "The " + member + " that the server names is no address with https. Nothing was sent there.");
    }

    /**
     * Asks the provider for a code.
     *
     * @throws DeviceLogInFailed when it refuses
     * @throws Unreachable when it does not answer
     */
    public Codes begin() {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("client_id", client);
        form.put("scope", scopes);
        JsonNode answer;
        try {
            HttpResponse<byte[]> response = post(device, form);
            answer = document(response.body());
            if (response.statusCode() != 200) {
                throw refused(answer, response.statusCode());
            }
        } catch (IOException away) {
            throw away(away);
        }
        String page = answer.path("verification_uri").asString("");
        String code = answer.path("user_code").asString("");
        String deviceCode = answer.path("device_code").asString("");
        if (page.isEmpty() || code.isEmpty() || deviceCode.isEmpty()) {
            throw new DeviceLogInFailed("The identity provider answered without a code to enter. Try again later.");
        }
        return new Codes(
                page,
                Optional.of(answer.path("verification_uri_complete").asString(""))
                        .filter(text -> !text.isEmpty()),
                code,
                Duration.ofSeconds(Math.clamp(answer.path("expires_in").asLong(USUAL_LIFE_S), 1, LONGEST_LIFE_S)),
                deviceCode,
                Math.clamp(answer.path("interval").asLong(USUAL_INTERVAL_S), 1, LONGEST_INTERVAL_S));
    }

    /**
     * Waits until the person has entered the code.
     *
     * @return the ID token
     * @throws DeviceLogInFailed when the person says no, or does not come in time
     */
    public String await(Codes codes) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", GRANT);
        form.put("device_code", codes.device());
        form.put("client_id", client);
        long end = nanos.getAsLong() + codes.life().toNanos();
        long interval = codes.interval();
        while (nanos.getAsLong() - end < 0) {
            rest(Duration.ofSeconds(interval));
            HttpResponse<byte[]> response;
            try {
                response = post(token, form);
            } catch (IOException away) {
                // RFC 8628, 3.5: ask more rarely while nobody answers.
                interval = Math.min(2 * interval, LONGEST_INTERVAL_S);
                continue;
            }
            JsonNode answer = document(response.body());
            String error = answer.path("error").asString("");
            if (response.statusCode() == 200) {
                return idToken(answer);
            }
            if (error.equals("slow_down")) {
                interval = Math.min(interval + USUAL_INTERVAL_S, LONGEST_INTERVAL_S);
            } else if (response.statusCode() >= 500) {
                interval = Math.min(2 * interval, LONGEST_INTERVAL_S);
            } else if (!error.equals("authorization_pending")) {
                throw refused(answer, response.statusCode());
            }
        }
        throw expired();
    }

    private static String idToken(JsonNode answer) {
        String idToken = answer.path("id_token").asString("");
        if (idToken.isEmpty()) {
            throw new DeviceLogInFailed("The identity provider answered without an ID token. The scopes of the server's"
                    + " settings (access.oidc.scopes) must have openid.");
        }
        return idToken;
    }

    private static DeviceLogInFailed refused(JsonNode answer, int status) {
        String error = answer.path("error").asString("");
        return switch (error) {
            case "access_denied" -> new DeviceLogInFailed("The log-in was refused at the identity provider.");
            case "expired_token" -> expired();
            default -> {
                String said = error.isEmpty() ? "with the status " + status : "with the error " + shortened(error);
                String why = answer.path("error_description").asString("");
                yield new DeviceLogInFailed("The identity provider answered " + said
                        + (why.isEmpty() ? "." : ": " + shortened(why).replaceFirst("\\.$", "") + ".")
                        + " Whoever runs the server can compare its client there with access.oidc.program-client.");
            }
        };
    }

    private static String shortened(String text) {
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }

    private static DeviceLogInFailed expired() {
        return new DeviceLogInFailed("The code was not entered in time. Run modelward login again.");
    }

    private static JsonNode document(byte[] body) {
        try {
            return Json.parse(body, "answer");
        } catch (ProblemException notJson) {
            return Json.object();
        }
    }

    private HttpResponse<byte[]> post(URI url, Map<String, String> form) throws IOException {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(url)
                .POST(BodyPublishers.ofString(body))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .timeout(PATIENCE)
                .build();
        try {
            return http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    private void rest(Duration time) {
        try {
            pause.of(time);
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    private static Unreachable interrupted(InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return new Unreachable("The log-in was interrupted.", interrupted);
    }

    private Unreachable away(IOException failure) {
        return new Unreachable(
                "The identity provider does not answer at " + Origin.of(device) + ". Try again later.", failure);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
