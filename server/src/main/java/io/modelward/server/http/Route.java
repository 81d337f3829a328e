package io.modelward.server.http;

import io.modelward.core.memory.MemoryShare;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One way in.
 *
 * @param template see {@link RouteTree}
 */
public record Route(String method, String template, Permission permission, Action action) {

    /** Collects routes while the doors are opened. */
    public static final class Table {
        private final List<Route> routes = new ArrayList<>();
        private final Map<String, ProblemForm> forms = new LinkedHashMap<>();
        private final Map<String, MemoryShare> memory = new LinkedHashMap<>();

        /** Below this address, problems have a form of their own; also where no route is. */
        public void problems(String below, ProblemForm form) {
            forms.put(below, form);
        }

        /** Below this address, bodies are read in memory of this share. */
        public void memory(String below, MemoryShare share) {
            memory.put(below, share);
        }

        /** The shares of memory by the address that they hold below. */
        Map<String, MemoryShare> memory() {
            return Map.copyOf(memory);
        }

        /** The forms by the address that they hold below. */
        public Map<String, ProblemForm> forms() {
            return Map.copyOf(forms);
        }

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
