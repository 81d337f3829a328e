package io.modelward.server.http;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Gives the errors that Jetty itself makes the form of all others, and none of Jetty's details. */
final class ProblemErrorHandler extends ErrorHandler {

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int status,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        Problem problem = switch (status) {
            case 404 -> Problem.of(ProblemType.NOT_FOUND, "There is nothing at this address.");
            case 413 -> Problem.of(ProblemType.TOO_LARGE, "The body is too large.");
            case 414 -> Problem.of(ProblemType.INVALID, "The address is too long.");
            case 431 -> Problem.of(ProblemType.INVALID, "The headers are too large: 16 KiB is the most.");
            case 503 -> Problem.of(ProblemType.UNAVAILABLE, "The server is stopping or too busy. Try again.");
            case 505 ->
                Problem.of(ProblemType.INVALID, "This version of HTTP is not spoken here. Send HTTP/1.1 or HTTP/1.0.");
            case 408 -> Problem.of(ProblemType.REQUEST_TIMEOUT, "The request took too long to arrive.");
            default ->
                status < 500
                        ? Problem.of(
                                ProblemType.INVALID,
                                "The request is not valid HTTP: its line, a header or its address.")
                        : Problem.of(
                                ProblemType.INTERNAL,
                                "Something went wrong in the server; its log says what. Try again, or tell an"
                                        + " operator.");
        };
        Problems.send(response, callback, problem, status);
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }
}
