package io.modelward.client;

import io.modelward.core.json.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The server understood the request and said no, or failed. It said so with an RFC 9457 problem. */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final String TYPE = "urn:modelward:problem:";

    private final int status;
    private final transient JsonNode problem;

    /** @param problem the server's document */
    public ApiException(int status, JsonNode problem) {
        super(problem.path("detail").asString("The server answered " + status + "."));
        this.status = status;
        this.problem = problem.isObject() ? problem : Json.object();
    }

    public int status() {
        return status;
    }

    /** The stable kind of the problem, for example {@code not-found}. */
    public String type() {
        String type = problem.path("type").asString("");
        return type.startsWith(TYPE) ? type.substring(TYPE.length()) : type;
    }

    /** What is wrong and what to do next. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** The offending field as the caller wrote it. */
    public Optional<String> field() {
        return Optional.of(problem.path("field").asString("")).filter(field -> !field.isEmpty());
    }

    /** The whole problem, with members such as {@code breaking}, {@code least_version} and {@code current}. */
    public JsonNode problem() {
        return problem;
    }
}
