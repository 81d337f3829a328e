package io.modelward.server.http;

import io.modelward.core.access.Action;
import io.modelward.core.memory.MemoryShare;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A method and an address, with the handler behind them.
 *
 * @param template see {@link RouteTree}
 * @param needs the action that the services behind the route ask for first, and that is asked for before the body is
 *     read; empty: the route shows no stored thing, so no service asks
 * @param open whether it is for everyone, known or not
 */
public record HttpRoute(String method, String template, Optional<Action> needs, boolean open, RouteHandler handler) {

    /** Collects routes while the doors are opened. */
    public static final class Table {
        private final List<HttpRoute> routes = new ArrayList<>();
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

        public void blocking(String method, String template, Action needs, RouteHandler.Blocking handler) {
            add(new HttpRoute(method, template, Optional.of(needs), false, handler));
        }

        public void async(String method, String template, Action needs, RouteHandler.Async handler) {
            add(new HttpRoute(method, template, Optional.of(needs), false, handler));
        }

        public void stream(String method, String template, Action needs, RouteHandler.Stream handler) {
            add(new HttpRoute(method, template, Optional.of(needs), false, handler));
        }

        /** For everyone, known or not. */
        public void openBlocking(String method, String template, RouteHandler.Blocking handler) {
            add(new HttpRoute(method, template, Optional.empty(), true, handler));
        }

        /** For everyone, known or not. */
        public void openAsync(String method, String template, RouteHandler.Async handler) {
            add(new HttpRoute(method, template, Optional.empty(), true, handler));
        }

        /** For everyone who is known, whatever they may do. */
        public void knownBlocking(String method, String template, RouteHandler.Blocking handler) {
            add(new HttpRoute(method, template, Optional.empty(), false, handler));
        }

        /** For everyone who is known, whatever they may do. */
        public void knownAsync(String method, String template, RouteHandler.Async handler) {
            add(new HttpRoute(method, template, Optional.empty(), false, handler));
        }

        private void add(HttpRoute route) {
            boolean twice = routes.stream()
                    .anyMatch(other -> other.method().equals(route.method())
                            && other.template().equals(route.template()));
            if (twice) {
                throw new IllegalStateException("two routes for " + route.method() + " " + route.template());
            }
            routes.add(route);
        }

        public List<HttpRoute> routes() {
            return List.copyOf(routes);
        }
    }
}
