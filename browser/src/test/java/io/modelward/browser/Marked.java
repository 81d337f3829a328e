package io.modelward.browser;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A value on a page that says which value of the API it is.
 *
 * @param source the address of the API, from the nearest ancestor that names one
 * @param pointer the JSON pointer into the answer
 * @param value what the page has: the value of {@code <data>}, the time of {@code <time>}, else the text
 */
record Marked(String source, String pointer, String value) {

    private static final String FIND = """
            () => [...document.querySelectorAll('[data-field]')].map(element => [
              element.closest('[data-source]')?.getAttribute('data-source') ?? '',
              element.getAttribute('data-field'),
              element.matches('data') ? element.getAttribute('value') ?? ''
                : element.matches('time') ? element.getAttribute('datetime') ?? '' : element.textContent])""";

    static List<Marked> on(Page page) {
        List<Marked> all = new ArrayList<>();
        for (Object one : (List<?>) page.evaluate(FIND)) {
            List<?> parts = (List<?>) one;
            all.add(new Marked((String) parts.get(0), (String) parts.get(1), (String) parts.get(2)));
        }
        return all;
    }

    /** What the API says otherwise. */
    static List<String> differences(List<Marked> marked, ExhibitClient client) throws IOException {
        Map<String, JsonNode> answers = new HashMap<>();
        List<String> differences = new ArrayList<>();
        for (Marked one : marked) {
            if (!one.source.startsWith("/api/v1/")) {
                differences.add(one + " is within no element whose data-source is an address of the API");
                continue;
            }
            JsonNode answer = answers.get(one.source);
            if (answer == null) {
                answer = client.look(one.source);
                answers.put(one.source, answer);
            }
            JsonNode said = answer.at(one.pointer);
            if (!one.agrees(said)) {
                differences.add(one + ", and the API says " + said);
            }
        }
        return differences;
    }

    private boolean agrees(JsonNode said) {
        if (said.isNumber()) {
            return number(said.decimalValue());
        }
        if (said.isBoolean()) {
            return value.strip().equals(String.valueOf(said.booleanValue()));
        }
        return said.isString() && (same(said.stringValue()) || time(said.stringValue()));
    }

    private boolean number(BigDecimal said) {
        try {
            return new BigDecimal(value.strip()).compareTo(said) == 0;
        } catch (NumberFormatException none) {
            return false;
        }
    }

    /** Space around a text is the template's, and a line ends as HTML ends lines. */
    private boolean same(String said) {
        return plain(value).equals(plain(said));
    }

    private static String plain(String text) {
        return text.replace("\r\n", "\n").replace('\r', '\n').strip();
    }

    private boolean time(String said) {
        try {
            return Instant.parse(value).equals(Instant.parse(said));
        } catch (DateTimeException none) {
            return false;
        }
    }
}
