package io.modelward.access.oidc;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Calls identity providers. An answer is JSON of at most 512 KiB that arrives as a whole within the limit; a redirect
 * is not followed. The errors are for the log: they name the host and hold nothing that the provider sent.
 */
final class ProviderHttp implements AutoCloseable {

    static final int LARGEST = 512 << 10;

    private final Duration limit;
    private final HttpClient client;

    /**
     * Makes a caller.
     *
     * @param limit for a whole call
     * @param trust whose certificates count; empty: as Java has it
     */
    ProviderHttp(Duration limit, Optional<SSLContext> trust) {
        this.limit = limit;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(Redirect.NEVER)
                .connectTimeout(limit)
                .executor(Executors.newVirtualThreadPerTaskExecutor());
        trust.ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    /**
     * An answer.
     *
     * @param body missing unless it is JSON
     */
    record Answer(int status, JsonNode body) {}

    /**
     * Reads a JSON object.
     *
     * @param local whether the provider is on this machine, so that its URLs may be too
     */
    JsonNode get(URI url, boolean local) throws IOException {
        Answer answer = call(HttpRequest.newBuilder(url).GET(), url, local);
        if (answer.status() != 200 || !answer.body().isObject()) {
            throw new IOException(host(url) + " answered with status " + answer.status()
                    + (answer.status() == 200 ? " and no JSON object" : ""));
        }
        return answer.body();
    }

    /**
     * Posts a form.
     *
     * @param authorization the header of that name; empty: none
     */
    Answer post(URI url, boolean local, String form, String authorization) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .POST(BodyPublishers.ofString(form))
                .header("Content-Type", "application/x-www-form-urlencoded");
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return call(request, url, local);
    }

    private Answer call(HttpRequest.Builder request, URI url, boolean local) throws IOException {
        requireReachable(url, local);
        HttpRequest made =
                request.timeout(limit).header("Accept", "application/json").build();
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(made, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST));
        try {
            HttpResponse<byte[]> response = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), parse(response.body()));
        } catch (TimeoutException late) {
            throw new IOException(host(url) + " did not answer within " + limit.toMillis() + " ms");
        } catch (ExecutionException failed) {
            throw new IOException(host(url) + " cannot be reached or answers wrongly ("
                    + (failed.getCause() == null ? failed : failed.getCause())
                            .getClass()
                            .getSimpleName()
                    + ")");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("the server is stopping");
        } finally {
            answer.cancel(true);
        }
    }

    private static JsonNode parse(byte[] body) {
        try {
            return Json.parse(body, "answer");
        } catch (ProblemException noJson) {
            return MissingNode.getInstance();
        }
    }

    /**
     * Refuses to call this machine and its link for a provider that is elsewhere. The name could mean another address
     * when the connection is made; then the certificate of https does not fit.
     */
    private static void requireReachable(URI url, boolean local) throws IOException {
        if (ProviderUrl.parse(url.toString()).isEmpty()) {
            throw new IOException(host(url) + " is not called without https");
        }
        if (local) {
            return;
        }
        try {
            for (InetAddress address : InetAddress.getAllByName(url.getHost())) {
                if (address.isLoopbackAddress()
                        || address.isAnyLocalAddress()
                        || address.isLinkLocalAddress()
                        || address.isMulticastAddress()) {
                    throw new IOException(host(url) + " has an address of this machine or of its link, which a provider"
                            + " elsewhere may not name");
                }
            }
        } catch (UnknownHostException unknown) {
            throw new IOException(host(url) + " has no address");
        }
    }

    private static String host(URI url) {
        return String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
