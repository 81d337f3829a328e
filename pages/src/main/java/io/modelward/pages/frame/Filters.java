package io.modelward.pages.frame;

import io.modelward.server.http.Exchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the fields of a form that filters a list have, by their names; a field that is left empty is as none. */
public record Filters(Map<String, String> values) {

    /** Reads these parameters of the query. */
    public static Filters of(Exchange exchange, List<String> names) {
        Map<String, String> values = new LinkedHashMap<>();
        names.forEach(
                name -> values.put(name, exchange.query(name).map(String::strip).orElse("")));
        return new Filters(values);
    }

    /** What a field has; empty text when it has nothing. */
    public String get(String name) {
        return values.getOrDefault(name, "");
    }

    /** What a field has. */
    public Optional<String> filled(String name) {
        return Optional.of(get(name)).filter(text -> !text.isEmpty());
    }

    /** Whether any field has something. */
    public boolean any() {
        return values.values().stream().anyMatch(text -> !text.isEmpty());
    }

    /** The address of a page with these fields. */
    public String address(String page) {
        return page + (any() ? "?" + query() : "");
    }

    /** The address of the part of the list that a token leads to. */
    public String more(String page, String token) {
        return page + "?" + (any() ? query() + "&" : "") + "page_token=" + Words.query(token);
    }

    private String query() {
        return values.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> entry.getKey() + "=" + Words.query(entry.getValue()))
                .collect(Collectors.joining("&"));
    }
}
