package io.modelward.core.problem;

import java.util.Locale;

/**
 * The stable kinds of problem that Modelward reports. The slug is part of the public interface: clients branch on it.
 * Doors decide how a kind looks in their protocol; the native door uses {@link #status()} and RFC 9457.
 */
public enum ProblemType {
    /** The request is malformed: not the named type, not parseable, not allowed characters. */
    INVALID(400, "The request is not valid"),
    /** Nobody is known to ask, since no valid token, session or certificate came with the request. */
    UNAUTHENTICATED(401, "It is not known who asks"),
    /** The caller may not do this, or a page of another site asks. */
    FORBIDDEN(403, "This is not allowed"),
    NOT_FOUND(404, "There is no such thing"),
    METHOD_NOT_ALLOWED(405, "This method is not allowed here"),
    /** The body did not arrive in time. */
    REQUEST_TIMEOUT(408, "The request took too long to arrive"),
    /** Taken already, or changed meanwhile. */
    CONFLICT(409, "It is taken already or was changed meanwhile"),
    PRECONDITION_FAILED(412, "It was changed meanwhile"),
    TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "This content type is not supported"),
    /** The Host header names a server that this is not. */
    MISDIRECTED(421, "This server does not answer to that host name"),
    /** Refused by a rule: bump, card, contract. */
    REFUSED(422, "A rule refuses this"),
    OVERLOADED(429, "Too much work is waiting"),
    /** The model raised an error or answered something unusable. */
    MODEL_FAILED(500, "The model failed"),
    /** Stored bytes are not those that were stored. */
    DAMAGED(500, "The stored bytes are damaged"),
    INTERNAL(500, "Something went wrong in the server"),
    UNAVAILABLE(503, "Not ready yet"),
    TIMEOUT(504, "The model did not answer in time"),
    STORAGE_FULL(507, "The storage is full");

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The HTTP status of this kind at the native door. */
    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The stable name used in the problem's {@code type}, for example {@code not-found}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
