package io.modelward.core.prediction;

import io.modelward.core.search.PageToken;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of a decision record.
 *
 * @param segment the number of its file
 * @param slot the number of its slot in the file
 */
public record RecordPlace(int segment, int slot) {

    private static final Pattern KEY = Pattern.compile("([0-9]{1,9})/([0-9]{1,8})");

    /** The place as the token of a page. */
    public String token() {
        return PageToken.ofKey(segment + "/" + slot);
    }

    /**
     * Reads what {@link PageToken#key} answers for a token of a page.
     *
     * @throws io.modelward.core.problem.ProblemException when it names no place
     */
    public static RecordPlace ofKey(String key) {
        Matcher parts = KEY.matcher(key);
        if (!parts.matches()) {
            throw PageToken.malformed();
        }
        return new RecordPlace(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
    }
}
