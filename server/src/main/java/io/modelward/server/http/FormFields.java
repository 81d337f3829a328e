package io.modelward.server.http;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.jetty.util.UrlEncoded;

/** The fields of a form that a page sent. A field that was left empty is as one that is not there. */
public final class FormFields {

    private static final int MOST = 1000;

    private final Map<String, List<String>> values;

    private FormFields(Map<String, List<String>> values) {
        this.values = values;
    }

    /** @param known the names that fields may have; none: fields of any name */
    static FormFields parse(byte[] body, List<String> known) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        String text = new String(body, StandardCharsets.UTF_8);
        try {
            UrlEncoded.decodeUtf8To(text, 0, text.length(), (name, value) -> add(values, name, value));
        } catch (ProblemException refused) {
            throw refused;
        } catch (RuntimeException malformed) {
            throw ProblemException.invalid("body", "The form is not valid: each value is percent-encoded UTF-8.");
        }
        for (String name : values.keySet()) {
            if (!known.isEmpty() && !known.contains(name)) {
                throw ProblemException.invalid(
                        "body", "The form has no field " + Quoted.of(name) + ". Load the page again.");
            }
        }
        return new FormFields(values);
    }

    private static void add(Map<String, List<String>> values, String name, String value) {
        if (value.indexOf(0) >= 0) {
            throw ProblemException.invalid(name, "A value has no character U+0000. Leave it out.");
        }
        if (values.size() >= MOST && !values.containsKey(name)) {
            throw ProblemException.invalid("body", "A form has at most " + MOST + " fields.");
        }
        // Browsers end the lines of a text with CR and LF, whatever the person typed.
        values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value.replace("\r\n", "\n"));
    }

    /** A field; the first when there are several of the name. */
    public Optional<String> text(String name) {
        return all(name).stream().filter(value -> !value.isEmpty()).findFirst();
    }

    /** @throws ProblemException of kind INVALID when the field is empty */
    public String required(String name) {
        return text(name)
                .filter(value -> !value.isBlank())
                .orElseThrow(() -> ProblemException.invalid(name, "Fill in the field " + name + "."));
    }

    /**
     * A whole number, such as the revision that a page showed.
     *
     * @throws ProblemException of kind INVALID when the field has something else: what a caller expects is not dropped
     */
    public OptionalLong number(String name) {
        Optional<String> text = text(name);
        if (text.isPresent() && !text.get().matches("[0-9]{1,18}")) {
            throw ProblemException.invalid(name, "The field " + name + " is a whole number. Load the page again.");
        }
        return text.map(Long::parseLong).map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    /** Whether a box was ticked. */
    public boolean ticked(String name) {
        return text(name).isPresent();
    }

    /** All values of a name, in their order. */
    public List<String> all(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    /** All fields with their first values, as they were sent, so that a page can show them again. */
    public Map<String, String> shown() {
        Map<String, String> first = new LinkedHashMap<>();
        values.forEach((name, all) -> first.put(name, all.getFirst()));
        return first;
    }
}
