package io.modelward.core.notification;

import io.modelward.core.problem.ProblemException;
import java.util.regex.Pattern;

/**
 * A mail address in its plain form, {@code local@domain}: no name, no quotes, no comments, ASCII only. So nothing in it
 * can end a header or a command.
 */
public record MailAddress(String text) {

    private static final int LONGEST = 254;
    private static final Pattern FORM = Pattern.compile(
            "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
                    + "@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
    private static final int LONGEST_LOCAL = 64;

    /** @throws ProblemException of kind INVALID naming the field */
    public static MailAddress parse(String text, String field) {
        if (text.length() > LONGEST
                || text.indexOf('@') > LONGEST_LOCAL
                || !FORM.matcher(text).matches()) {
            throw ProblemException.invalid(
                    field, field + " is one plain mail address, such as team@example.org: without a name beside it.");
        }
        return new MailAddress(text);
    }
}
