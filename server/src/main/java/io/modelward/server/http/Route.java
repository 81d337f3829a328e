package io.modelward.server.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One way in.
 *
 * @param template such as {@code /api/v1/models/{namespace}/{name}}; a last {@code {path}} takes all segments that are left
 */
public record Route(String method, String template, Permission permission, Action action) {

    private static final String REST = "path";

    /** The template's segments. */
    List<String> segments() {
        return split(template);
    }

    static List<String> split(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    /** The decoded parameters when the path fits the template, or null. */
    @Nullable
    Map<String, String> match(List<String> path) {
        List<String> wanted = segments();
        boolean rest = wanted.getLast().equals("{" + REST + "}");
        if (rest ? path.size() < wanted.size() : path.size() != wanted.size()) {
            return null;
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            String segment = wanted.get(i);
            if (rest && i == wanted.size() - 1) {
                parameters.put(REST, String.join("/", path.subList(i, path.size())));
            } else if (segment.startsWith("{")) {
                parameters.put(segment.substring(1, segment.length() - 1), path.get(i));
            } else if (!segment.equals(path.get(i))) {
                return null;
            }
        }
        return parameters;
    }

    /** Collects routes while the doors are opened. */
    public static final class Table {
        private final List<Route> routes = new ArrayList<>();

        public void blocking(String method, String template, Permission permission, Action.Blocking action) {
            add(new Route(method, template, permission, action));
        }

        public void async(String method, String template, Permission permission, Action.Async action) {
            add(new Route(method, template, permission, action));
        }

        public void stream(String method, String template, Permission permission, Action.Stream action) {
            add(new Route(method, template, permission, action));
        }

        private void add(Route route) {
            boolean twice = routes.stream()
                    .anyMatch(other -> other.method().equals(route.method())
                            && other.template().equals(route.template()));
            if (twice) {
                throw new IllegalStateException("two routes for " + route.method() + " " + route.template());
            }
            routes.add(route);
        }

        public List<Route> routes() {
            return List.copyOf(routes);
        }
    }
}
