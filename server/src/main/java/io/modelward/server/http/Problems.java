package io.modelward.server.http;

import io.modelward.core.access.Principal;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.registry.StorageFailure;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** Problems as RFC 9457 has them. */
public final class Problems {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final String TYPE = "urn:modelward:problem:";

    private Problems() {}

    /**
     * What a failure means for the caller. A failure that is no problem is the server's fault: the failure is logged,
     * and its text is not sent.
     */
    public static Problem of(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ProblemException known) {
            return known.problem();
        }
        Optional<Problem> storage = StorageFailure.problem(cause);
        if (storage.isPresent()) {
            return storage.get();
        }
        if (cause instanceof RejectedExecutionException) {
            return EventStream.stopping().problem();
        }
        if (cause instanceof TimeoutException) {
            return BodyReader.brokenOff(cause).problem();
        }
        if (cause instanceof HttpException || cause instanceof EofException) {
            return Problem.of(ProblemType.INVALID, "The request broke off or is not valid HTTP.");
        }
        LOG.error("a request failed unexpectedly", cause);
        return Problem.of(
                ProblemType.INTERNAL,
                "Something went wrong in the server; its log says what. Try again, or tell an operator.");
    }

    /** The problem without a guess that names something which the caller did not name, where there is one to leave out. */
    static Optional<Problem> plain(Throwable failure, Doorkeeper doorkeeper, Principal caller) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof ProblemException known
                        && !known.plain().equals(known.problem())
                        && !doorkeeper.mayGuess(caller)
                ? Optional.of(known.plain())
                : Optional.empty();
    }

    static void send(Exchange exchange, Problem problem) {
        headers(exchange.response(), problem);
        exchange.send(
                problem.type().status(),
                "application/problem+json",
                bytes(problem, problem.type().status()));
    }

    static void send(Response response, Callback callback, Problem problem, int status) {
        byte[] body = bytes(problem, status);
        SecureHeaders.add(response.getRequest(), response.getHeaders());
        headers(response, problem);
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    /** The headers that go with a problem, in whatever form it is told. */
    public static void headers(Response response, Problem problem) {
        if (problem.type() == ProblemType.UNAUTHENTICATED) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer realm=\"modelward\"");
        }
        header(response, problem, "retry_after", "Retry-After");
        header(response, problem, "prediction_id", "Modelward-Prediction-Id");
        header(response, problem, "model_version", "Modelward-Version");
        header(response, problem, "digest", "Modelward-Digest");
        header(response, problem, "allow", "Allow");
    }

    private static void header(Response response, Problem problem, String member, String name) {
        Object value = problem.extra().get(member);
        if (value != null) {
            response.getHeaders().put(name, value.toString());
        }
    }

    static byte[] bytes(Problem problem, int status) {
        ObjectNode json = Json.object()
                .put("type", TYPE + problem.type().slug())
                .put("title", problem.type().title())
                .put("status", status)
                .put("detail", problem.detail());
        problem.field().ifPresent(field -> json.put("field", field));
        problem.extra().forEach((key, value) -> json.set(key, Json.MAPPER.valueToTree(value)));
        return Json.bytes(json);
    }
}
