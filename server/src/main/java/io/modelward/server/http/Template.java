package io.modelward.server.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The template of a path, taken apart once: {@code /api/v1/models/{namespace}/{name}}. A last {@code {path}} takes all segments that are
 * left.
 */
record Template(List<String> segments, boolean rest) {

    private static final String REST = "path";

    static Template of(String template) {
        List<String> segments = split(template);
        return new Template(segments, segments.getLast().equals("{" + REST + "}"));
    }

    static List<String> split(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    String first() {
        return segments.getFirst();
    }

    /** The decoded parameters when the path fits, or null. */
    @Nullable
    Map<String, String> match(List<String> path) {
        if (rest ? path.size() < segments.size() : path.size() != segments.size()) {
            return null;
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (rest && i == segments.size() - 1) {
                parameters.put(REST, String.join("/", path.subList(i, path.size())));
            } else if (segment.startsWith("{")) {
                parameters.put(segment.substring(1, segment.length() - 1), path.get(i));
            } else if (!segment.equals(path.get(i))) {
                return null;
            }
        }
        return parameters;
    }
}
