package io.modelward.server.http;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What holds at an address: that of the longest beginning that something was said for.
 *
 * @param otherwise what holds where nothing was said
 */
record Below<T>(List<Map.Entry<String, T>> longestFirst, T otherwise) {

    static <T> Below<T> of(Map<String, T> below, T otherwise) {
        return new Below<>(
                below.entrySet().stream()
                        .sorted(Comparator.comparingInt(form -> -form.getKey().length()))
                        .toList(),
                otherwise);
    }

    /** @param path null when the request line names none, as that of CONNECT */
    T at(@Nullable String path) {
        for (Map.Entry<String, T> entry : longestFirst) {
            if (path != null && path.startsWith(entry.getKey())) {
                return entry.getValue();
            }
        }
        return otherwise;
    }
}
