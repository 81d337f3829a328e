package io.modelward.gateway.trace;

import io.modelward.core.problem.ProblemException;

/**
 * The HTTP statuses that a caller asks for.
 *
 * @param least the lowest status
 * @param highest the highest status
 */
public record StatusRange(int least, int highest) {

    private static final StatusRange ALL = new StatusRange(0, Integer.MAX_VALUE);

    /**
     * Reads {@code answered}, {@code failed}, a status such as {@code 500}, or no text for all statuses.
     *
     * @throws ProblemException of kind INVALID for any other text
     */
    public static StatusRange parse(String text) {
        return switch (text) {
            case "" -> ALL;
            case "answered" -> new StatusRange(0, 399);
            case "failed" -> new StatusRange(400, Integer.MAX_VALUE);
            default -> {
                if (!text.matches("[1-5][0-9][0-9]")) {
                    throw ProblemException.invalid(
                            "status", "status is answered, failed, or an HTTP status such as 500.");
                }
                int status = Integer.parseInt(text);
                yield new StatusRange(status, status);
            }
        };
    }
}
