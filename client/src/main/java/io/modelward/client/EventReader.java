package io.modelward.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads server-sent events as the HTML standard defines them, but for what this API does not send: ids and retry times.
 */
final class EventReader {

    private static final String UNNAMED = "message";

    private final BufferedReader lines;

    /** One event; its data's lines are joined by line feeds. */
    record Event(String name, String data) {}

    EventReader(InputStream in) {
        this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /** The next event, comments passed over; empty at the end. An event that breaks off is none. */
    Optional<Event> next() throws IOException {
        String name = UNNAMED;
        List<String> data = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    return Optional.of(new Event(name, String.join("\n", data)));
                }
                name = UNNAMED;
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            switch (field) {
                case "event" -> name = value;
                case "data" -> data.add(value);
                default -> {
                    // A comment has an empty field; what is not known is to be passed over.
                }
            }
        }
        return Optional.empty();
    }
}
