package io.modelward.server.mlflow;

import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.ProblemForm;
import io.modelward.server.http.Problems;

/**
 * Problems as MLflow's clients know them: an error code and a message. Its codes decide whether a client asks again.
 */
final class MlflowProblems implements ProblemForm {

    private final int conflictStatus;
    private final String conflictCode;

    private MlflowProblems(int conflictStatus, String conflictCode) {
        this.conflictStatus = conflictStatus;
        this.conflictCode = conflictCode;
    }

    /** Where a conflict is about a name that is taken. */
    static MlflowProblems ofNames() {
        return new MlflowProblems(400, "RESOURCE_ALREADY_EXISTS");
    }

    /** Where a conflict is about something that does not change any more, or that is in use. */
    static MlflowProblems ofFiles() {
        return new MlflowProblems(409, "RESOURCE_CONFLICT");
    }

    @Override
    public void send(Exchange exchange, Problem told) {
        Problem problem = MlflowWords.of(told);
        Problems.headers(exchange.response(), problem);
        switch (problem.type()) {
            case INVALID, PRECONDITION_FAILED, REFUSED ->
                send(exchange, 400, "INVALID_PARAMETER_VALUE", problem.detail());
            case REQUEST_TIMEOUT -> send(exchange, 408, "BAD_REQUEST", problem.detail());
            case TOO_LARGE -> send(exchange, 413, "INVALID_PARAMETER_VALUE", problem.detail());
            case UNSUPPORTED_MEDIA_TYPE -> send(exchange, 415, "INVALID_PARAMETER_VALUE", problem.detail());
            case UNAUTHENTICATED -> send(exchange, 401, "UNAUTHENTICATED", problem.detail());
            case FORBIDDEN -> send(exchange, 403, "PERMISSION_DENIED", problem.detail());
            case NOT_FOUND -> send(exchange, 404, "RESOURCE_DOES_NOT_EXIST", problem.detail());
            case METHOD_NOT_ALLOWED -> send(exchange, 405, "BAD_REQUEST", problem.detail());
            case CONFLICT -> send(exchange, conflictStatus, conflictCode, problem.detail());
            case MISDIRECTED -> send(exchange, 403, "PERMISSION_DENIED", problem.detail());
            case OVERLOADED -> send(exchange, 429, "REQUEST_LIMIT_EXCEEDED", problem.detail());
            case MODEL_FAILED, DAMAGED, INTERNAL -> send(exchange, 500, "INTERNAL_ERROR", problem.detail());
            case UNAVAILABLE -> send(exchange, 503, "TEMPORARILY_UNAVAILABLE", problem.detail());
            case TIMEOUT -> send(exchange, 504, "DEADLINE_EXCEEDED", problem.detail());
            // 507 is not asked again by clients: a full disk does not empty itself.
            case STORAGE_FULL -> send(exchange, 507, "RESOURCE_EXHAUSTED", problem.detail());
        }
    }

    @Override
    public void nothingThere(Exchange exchange) {
        send(
                exchange,
                404,
                "ENDPOINT_NOT_FOUND",
                "This server has no such endpoint. docs/guides/mlflow.md lists what it has.");
    }

    @Override
    public void unsatisfiable(Exchange exchange, String detail) {
        send(exchange, 416, "INVALID_PARAMETER_VALUE", detail);
    }

    private static void send(Exchange exchange, int status, String code, String message) {
        exchange.send(
                status,
                "application/json",
                Json.bytes(Json.object().put("error_code", code).put("message", message)));
    }
}
